import { systemClock } from '@nowcast/std';
import { styleFor } from '../text-style.ts';
import { ProgressLine } from './progress-line.ts';

/** A progress line on standard error. */
export function progressLine(): ProgressLine {
  return new ProgressLine({
    stream: process.stderr,
    style: styleFor(process.stderr, process.env),
    nowMs: () => systemClock.monotonicMs(),
  });
}
