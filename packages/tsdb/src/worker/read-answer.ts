import { LabelSet, type SeriesData } from '@nowcast/model';
import type { SampleRun } from '../block/sample-run.ts';

/**
 * An answer on its way from the reader thread: a few large arrays instead of thousands of small ones, since
 * each object of a message costs the receiving event loop time. Times shared between series travel once.
 */
export interface PackedLabels {
  readonly texts: readonly string[];
  /** Per series name, value, name, value … as places in `texts`. */
  readonly labels: Uint32Array;
  readonly labelEnds: Uint32Array;
}

export interface PackedAnswer extends PackedLabels {
  readonly columns: readonly Float64Array[];
  readonly columnOf: Uint32Array;
  readonly values: Float64Array;
  readonly valueEnds: Uint32Array;
  readonly warnings: readonly string[];
}

export interface FoundSeries {
  readonly labels: LabelSet;
  readonly run: SampleRun;
}

export function packLabels(labelSets: readonly LabelSet[]): PackedLabels {
  const ids = new Map<string, number>();
  const labels: number[] = [];
  const labelEnds = new Uint32Array(labelSets.length);
  labelSets.forEach(({ pairs }, at) => {
    for (const text of pairs) {
      let id = ids.get(text);
      if (id === undefined) ids.set(text, (id = ids.size));
      labels.push(id);
    }
    labelEnds[at] = labels.length;
  });
  return { texts: [...ids.keys()], labels: Uint32Array.from(labels), labelEnds };
}

export function packAnswer(
  found: readonly FoundSeries[],
  warnings: readonly string[],
): PackedAnswer {
  const columns = new Map<string, { readonly id: number; readonly times: Float64Array }>();
  const buffers = new Map<ArrayBufferLike, number>();
  const columnOf = new Uint32Array(found.length);
  const values = new Float64Array(found.reduce((sum, { run }) => sum + run.values.length, 0));
  const valueEnds = new Uint32Array(found.length);
  let end = 0;
  found.forEach(({ run: { times, values: own } }, at) => {
    let buffer = buffers.get(times.buffer);
    if (buffer === undefined) buffers.set(times.buffer, (buffer = buffers.size));
    const key = `${buffer}:${times.byteOffset}:${times.length}`;
    let column = columns.get(key);
    if (column === undefined) columns.set(key, (column = { id: columns.size, times }));
    columnOf[at] = column.id;
    values.set(own, end);
    end += own.length;
    valueEnds[at] = end;
  });
  const times = Array.from(columns.values(), (column) => column.times);
  const labels = packLabels(found.map((one) => one.labels));
  return { ...labels, columns: times, columnOf, values, valueEnds, warnings };
}

export async function unpackLabels(
  packed: PackedLabels,
  pause: () => Promise<void> | undefined,
): Promise<LabelSet[]> {
  const { texts, labels, labelEnds } = packed;
  const labelSets: LabelSet[] = [];
  let from = 0;
  for (const end of labelEnds) {
    const pairs: string[] = [];
    for (; from < end; from++) pairs.push(texts[labels[from] as number] as string);
    labelSets.push(LabelSet.fromSortedPairs(pairs));
    const due = pause();
    if (due !== undefined) await due;
  }
  return labelSets;
}

/** The series of an answer; values are views of one array, times are shared. */
export async function unpackAnswer(
  packed: PackedAnswer,
  pause: () => Promise<void> | undefined,
): Promise<SeriesData[]> {
  const labelSets = await unpackLabels(packed, pause);
  const series: SeriesData[] = [];
  let from = 0;
  for (const [at, labels] of labelSets.entries()) {
    const end = packed.valueEnds[at] as number;
    const timesMs = packed.columns[packed.columnOf[at] as number] as Float64Array;
    series.push({ labels, timesMs, values: packed.values.subarray(from, end) });
    from = end;
    const due = pause();
    if (due !== undefined) await due;
  }
  return series;
}
