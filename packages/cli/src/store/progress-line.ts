/**
 * One line that says how far a long command is: a bar, a rate and the time left. Only on a terminal; elsewhere nothing
 * is written.
 */
import type { TextStyle } from '../text-style.ts';
import { formatAmount, formatLeft } from './amount-text.ts';

export interface ProgressState {
  /** 0 to 1; undefined where the end is not known. */
  readonly share: number | undefined;
  readonly amount: number;
  readonly unit: string;
}

export interface ProgressOptions {
  readonly stream: { readonly isTTY?: boolean | undefined; write(text: string): unknown };
  readonly style: TextStyle;
  readonly nowMs: () => number;
}

const EVERY_MS = 100;
const BAR_CELLS = 24;
const CLEAR_LINE = '\r\u001B[2K';

export class ProgressLine implements Disposable {
  readonly #options: ProgressOptions;
  readonly #startedMs: number;
  #writtenMs = -Infinity;

  constructor(options: ProgressOptions) {
    this.#options = options;
    this.#startedMs = options.nowMs();
  }

  show(state: ProgressState): void {
    const { stream, style, nowMs } = this.#options;
    const now = nowMs();
    if (!stream.isTTY || now - this.#writtenMs < EVERY_MS) return;
    this.#writtenMs = now;
    stream.write(`${CLEAR_LINE}${formatProgress(state, now - this.#startedMs, style)}`);
  }

  /** Takes the line away, so that other text can follow. */
  clear(): void {
    if (this.#writtenMs === -Infinity) return;
    this.#options.stream.write(CLEAR_LINE);
    this.#writtenMs = -Infinity;
  }

  [Symbol.dispose](): void {
    this.clear();
  }
}

export function formatProgress(
  { share, amount, unit }: ProgressState,
  elapsedMs: number,
  style: TextStyle,
): string {
  const perSecond = elapsedMs > 0 ? (amount / elapsedMs) * 1_000 : 0;
  const done = `${formatAmount(amount)} ${unit}, ${formatAmount(perSecond)}/s`;
  if (share === undefined) return done;
  const filled = Math.round(Math.min(1, share) * BAR_CELLS);
  const bar = style.green('━'.repeat(filled)) + style.dim('━'.repeat(BAR_CELLS - filled));
  const left = share > 0 ? `, ${formatLeft((elapsedMs / share) * (1 - share))} left` : '';
  const percent = String(Math.floor(share * 100)).padStart(3);
  return `${bar} ${percent} %  ${style.dim(done + left)}`;
}
