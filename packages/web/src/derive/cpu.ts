import { combine, gridOf, sumAt } from './columns.ts';
import { EMPTY_MODEL, rateSince, type ChartModel, type MetricReader } from './chart-model.ts';
import type { Column } from '../state/sample-column.ts';

export const CPU_MODES = ['user', 'system', 'interrupts', 'steal', 'iowait'] as const;

export type CpuMode = (typeof CPU_MODES)[number];

/** The kernel's modes by what they are shown as; time of guests is part of user time already. */
const SHOWN_AS: Readonly<Record<string, CpuMode | 'idle'>> = {
  user: 'user',
  nice: 'user',
  system: 'system',
  irq: 'interrupts',
  softirq: 'interrupts',
  steal: 'steal',
  iowait: 'iowait',
  idle: 'idle',
};

const METRIC = 'node_cpu_seconds_total';

/** Share of all processor time by mode, 0 to 1; idle is what is left. */
export function cpuModes(source: MetricReader, fromMs: number): ChartModel {
  const byMode = new Map<string, Column[]>();
  for (const series of source.metric(METRIC)) {
    const mode = SHOWN_AS[series.labels.get('mode')];
    if (mode === undefined) continue;
    const columns = byMode.get(mode) ?? [];
    columns.push(rateSince(series, fromMs));
    byMode.set(mode, columns);
  }
  if (byMode.size === 0) return EMPTY_MODEL;
  const all = [...byMode.values()].flat();
  const timesMs = gridOf(all);
  const total = sumAt(timesMs, all);
  const lines = CPU_MODES.map((id) => {
    const seconds = sumAt(timesMs, byMode.get(id) ?? []);
    return { id, values: combine([seconds, total], share) };
  });
  return { timesMs, lines };
}

/** Time the processors worked, 0 to 1: neither idle nor waiting for a disk. */
export function cpuBusy(modes: ChartModel): Float64Array {
  const working = modes.lines.filter(({ id }) => id !== 'iowait').map(({ values }) => values);
  return combine(working, (...shares) => shares.reduce((sum, one) => sum + (one || 0), 0));
}

export interface CoreHeat {
  readonly timesMs: Float64Array;
  /** In the order of the processors' numbers. */
  readonly cores: readonly { readonly cpu: string; readonly busy: Float64Array }[];
}

/** How busy each processor was, 0 to 1. */
export function coreHeat(source: MetricReader, fromMs: number): CoreHeat {
  const byCore = new Map<string, { all: Column[]; resting: Column[] }>();
  for (const series of source.metric(METRIC)) {
    const mode = SHOWN_AS[series.labels.get('mode')];
    if (mode === undefined) continue;
    const cpu = series.labels.get('cpu');
    const core = byCore.get(cpu) ?? { all: [], resting: [] };
    byCore.set(cpu, core);
    const rate = rateSince(series, fromMs);
    core.all.push(rate);
    if (mode === 'idle' || mode === 'iowait') core.resting.push(rate);
  }
  const timesMs = gridOf([...byCore.values()].flatMap(({ all }) => all.slice(0, 1)));
  const cores = [...byCore].map(([cpu, { all, resting }]) => {
    const idle = sumAt(timesMs, resting);
    const total = sumAt(timesMs, all);
    return { cpu, busy: combine([idle, total], (rest, sum) => 1 - share(rest, sum)) };
  });
  return { timesMs, cores };
}

function share(part: number, whole: number): number {
  if (Number.isNaN(whole) || whole <= 0) return NaN;
  return Math.min(1, Math.max(0, Number.isNaN(part) ? 0 : part / whole));
}
