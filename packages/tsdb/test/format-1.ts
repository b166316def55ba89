import { LabelSet } from '@nowcast/model';
import type { Store } from '../src/index.ts';
import { bitsOf } from './bits.ts';

/** What the fixture of format version 1 holds. Never changed: the files it describes are not written again. */
const START_MS = Date.UTC(2026, 0, 1);
export const FORMAT_1_NOW_MS: number = START_MS + 3_600_000;
const ROWS = 600;
const SEALED_ROWS = 500;

interface FixtureSeries {
  readonly labels: LabelSet;
  readonly value: (row: number) => number;
}

function hash(row: number): number {
  return (Math.imul(row + 1, 0x9e3779b1) >>> 0) / 0x100000000;
}

const format1Series: readonly FixtureSeries[] = [
  { labels: LabelSet.from({ __name__: 'constant' }), value: () => 4_096.25 },
  { labels: LabelSet.from({ __name__: 'endless' }), value: () => Infinity },
  { labels: LabelSet.from({ __name__: 'gaps' }), value: (row) => (row % 50 === 7 ? NaN : row % 9) },
  { labels: LabelSet.from({ __name__: 'noise' }), value: (row) => 0.1 * row + 0.2 },
  { labels: LabelSet.from({ __name__: 'random' }), value: (row) => hash(row) * Math.PI },
  {
    labels: LabelSet.from({ __name__: 'requests_total', code: '200', 'naïve 名': 'ü' }),
    value: (row) => row * 4_096 + Math.floor(hash(row) * 3) * 1_024,
  },
  { labels: LabelSet.from({ __name__: 'zero' }), value: (row) => (row % 100 === 3 ? -0 : 0) },
];

export async function writeFormat1(store: Store, seal: () => Promise<void>): Promise<void> {
  const metadata = { type: 'counter', help: 'Requests.' } as const;
  const refs = format1Series.map(({ labels }) =>
    labels.metric === 'requests_total' ? store.series(labels, metadata) : store.series(labels),
  );
  for (let row = 0; row < ROWS; row++) {
    if (row === SEALED_ROWS) await seal();
    store.append(
      timeOf(row),
      refs,
      Float64Array.from(format1Series, ({ value }) => value(row)),
    );
  }
  await store.flushed();
}

export function expectedOfFormat1(): {
  readonly labels: string;
  readonly times: number[];
  readonly bits: string[];
}[] {
  const rows = Array.from({ length: ROWS }, (_, row) => row);
  return format1Series.map(({ labels, value }) => ({
    labels: labels.toString(),
    times: rows.map(timeOf),
    bits: bitsOf(Float64Array.from(rows, value)),
  }));
}

function timeOf(row: number): number {
  return START_MS + row * 1_000 + (row % 7 === 3 ? 2 : 0) + (row > 300 ? 5_000 : 0);
}
