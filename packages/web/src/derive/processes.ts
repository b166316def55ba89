import type { MetricReader } from './chart-model.ts';

export interface ProcessRow {
  readonly pid: string;
  readonly name: string;
  readonly user: string;
  /** CPUs in use; 1 is one whole core. */
  readonly cpu: number;
  readonly memoryBytes: number;
}

export interface ProcessSummary {
  readonly count: number;
  readonly threads: number;
  /** By the letter `ps` uses, most first; states nobody is in are left out. */
  readonly states: readonly { readonly state: string; readonly count: number }[];
  readonly byCpu: readonly ProcessRow[];
  readonly byMemory: readonly ProcessRow[];
}

const ROWS_MAX = 5;

export function processSummary(source: MetricReader): ProcessSummary {
  const memory = new Map(
    source
      .metric('nowcast_process_resident_memory_bytes')
      .map(({ labels, samples }) => [labels.get('pid'), samples.last]),
  );
  const rows = source
    .metric('nowcast_process_cpu_usage_ratio')
    .map(({ labels, samples }): ProcessRow => ({
      pid: labels.get('pid'),
      name: labels.get('name'),
      user: labels.get('user'),
      cpu: samples.last,
      memoryBytes: memory.get(labels.get('pid')) ?? NaN,
    }));
  const one = (metric: string): number => source.metric(metric)[0]?.samples.last ?? NaN;
  return {
    count: one('node_processes_pids'),
    threads: one('node_processes_threads'),
    states: source
      .metric('node_processes_state')
      .map(({ labels, samples }) => ({ state: labels.get('state'), count: samples.last }))
      .filter(({ count }) => count > 0)
      .sort((a, b) => b.count - a.count),
    byCpu: top(rows, (row) => row.cpu),
    byMemory: top(rows, (row) => row.memoryBytes),
  };
}

function top(
  rows: readonly ProcessRow[],
  score: (row: ProcessRow) => number,
): readonly ProcessRow[] {
  return rows
    .filter((row) => score(row) > 0)
    .sort((a, b) => score(b) - score(a))
    .slice(0, ROWS_MAX);
}
