import type { ChartModel } from '../derive/chart-model.ts';
import { cursorMs, nearestIndex } from './cursor.ts';
import type { Plot } from './plot.ts';

/** Steps per key press; shift goes ten times as far. */
const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 };

/** Moves the reading point along the samples: arrows step, Home and End jump, Escape leaves. */
export function readWithKeys(
  event: KeyboardEvent,
  model: ChartModel | undefined,
  plot: Plot | undefined,
): void {
  if (model === undefined || plot === undefined || model.timesMs.length === 0) return;
  const last = model.timesMs.length - 1;
  const at = nearestIndex(model.timesMs, cursorMs.peek() ?? Infinity, Infinity);
  const from = at === -1 || cursorMs.peek() === undefined ? last + 1 : at;
  const step = STEPS[event.key];
  let to: number;
  if (step !== undefined) to = from + step * (event.shiftKey ? 10 : 1);
  else if (event.key === 'Home') to = 0;
  else if (event.key === 'End') to = last;
  else if (event.key === 'Escape') return leave(event, plot);
  else return;
  event.preventDefault();
  plot.pointAt(model.timesMs[Math.min(last, Math.max(0, to))]);
}

function leave(event: KeyboardEvent, plot: Plot): void {
  if (cursorMs.peek() === undefined) return;
  event.stopPropagation();
  plot.pointAt(undefined);
}
