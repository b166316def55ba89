import { LabelSet, type LabelRecord, type SeriesData } from '@nowcast/model';

export interface Shape {
  readonly series: readonly LabelRecord[];
  readonly stepMs: number;
  readonly spanMs: number;
  readonly kind: 'counter' | 'gauge';
}

const HOUR_MS = 3_600_000;

export const SHAPES: readonly Shape[] = [
  {
    series: range(1_000).map((at) => ({
      __name__: 'wide_total',
      job: `job-${at % 10}`,
      instance: `host-${Math.floor(at / 10)}`,
    })),
    stepMs: 15_000,
    spanMs: 3 * HOUR_MS,
    kind: 'counter',
  },
  {
    series: range(100).map((at) => ({ __name__: 'long', job: `job-${at % 10}`, sensor: `${at}` })),
    stepMs: 60_000,
    spanMs: 7 * 24 * HOUR_MS,
    kind: 'gauge',
  },
  {
    series: range(200).map((at) => ({
      __name__: 'latency_bucket',
      job: `job-${Math.floor(at / 10)}`,
      le: at % 10 === 9 ? '+Inf' : `${0.01 * 2 ** (at % 10)}`,
    })),
    stepMs: 15_000,
    spanMs: 3 * HOUR_MS,
    kind: 'counter',
  },
];

/** The samples of a shape up to `endMs` in pieces of about `samplesPerPiece`, oldest first. */
export function* pieces(
  shape: Shape,
  endMs: number,
  samplesPerPiece: number,
): Generator<readonly SeriesData[]> {
  const labels = shape.series.map((record) => LabelSet.from(record));
  const totals = new Float64Array(labels.length);
  const stepsPerPiece = Math.max(1, Math.floor(samplesPerPiece / labels.length));
  const steps = Math.floor(shape.spanMs / shape.stepMs);
  for (let from = 0; from < steps; from += stepsPerPiece) {
    const count = Math.min(stepsPerPiece, steps - from);
    yield labels.map((one, series) => {
      const timesMs = new Float64Array(count);
      const values = new Float64Array(count);
      for (let at = 0; at < count; at++) {
        timesMs[at] = endMs - shape.spanMs + (from + at + 1) * shape.stepMs;
        const noise = (Math.imul(series * 7919 + from + at, 0x9e3779b1) >>> 8) / 2 ** 24;
        totals[series] = (totals[series] as number) + Math.floor(noise * 100);
        values[at] =
          shape.kind === 'counter' ? (totals[series] ?? 0) : Math.round(noise * 1e4) / 100;
      }
      return { labels: one, timesMs, values };
    });
  }
}

function range(count: number): readonly number[] {
  return Array.from({ length: count }, (_, at) => at);
}
