/**
 * When a file system will be full. Nothing is said before there is enough history, unless both the whole of it and its
 * last third shrink steadily: a burst after boot, a single dump or a clean-up is no trend.
 */
import { RingBuffer } from '@nowcast/std';
import { robustTrend, type TrendPoint } from './slope.ts';

const POINT_EVERY_MS = 15_000;
const POINTS_MAX = 240;
/** Pairs grow with the square of the points: more than these say nothing new. */
const POINTS_JUDGED = 48;
const AGREEMENT_MIN = 0.75;

export class FillForecast {
  readonly #historyMs: number;
  readonly #points = new RingBuffer<TrendPoint>(POINTS_MAX);

  /** @param historyMs shortest history that says anything */
  constructor(historyMs: number) {
    this.#historyMs = historyMs;
  }

  /** Takes a reading; returns true when it was kept, that is when the forecast may have changed. */
  add(timeMs: number, availableBytes: number): boolean {
    const last = this.#points.at(-1);
    if (last !== undefined && timeMs - last.timeMs < POINT_EVERY_MS) return false;
    this.#points.push({ timeMs, value: availableBytes });
    return true;
  }

  /** Milliseconds from the newest reading until nothing is left; undefined when there is no such trend. */
  msUntilFull(): number | undefined {
    const oldest = this.#points.at(0);
    const newest = this.#points.at(-1);
    if (oldest === undefined || newest === undefined) return undefined;
    if (newest.timeMs - oldest.timeMs < this.#historyMs) return undefined;
    const points = [...this.#points];
    const whole = robustTrend(thinned(points));
    const recent = robustTrend(thinned(points.slice(Math.floor((points.length * 2) / 3))));
    if (whole === undefined || recent === undefined) return undefined;
    if (whole.perMs >= 0 || recent.perMs >= 0) return undefined;
    if (whole.agreement < AGREEMENT_MIN || recent.agreement < AGREEMENT_MIN) return undefined;
    // The gentler of the two: a pace that has slowed down counts as it is now.
    return newest.value / -Math.max(whole.perMs, recent.perMs);
  }
}

function thinned(points: readonly TrendPoint[]): TrendPoint[] {
  const step = Math.max(1, Math.ceil(points.length / POINTS_JUDGED));
  const last = points.length - 1;
  return points.filter((_, at) => (last - at) % step === 0);
}
