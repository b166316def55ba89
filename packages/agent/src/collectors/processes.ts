/**
 * Processes: how many, in which states, and the few that use most CPU or memory. Walking `/proc` is the
 * dearest thing the agent does, hence its own pace; the series of a process end when it leaves the lists.
 */
import type { CollectorModule } from '../collector.ts';
import { gauge } from '../series-group.ts';
import { ProcessTable } from './process-table.ts';
import { TopProcesses } from './top-processes.ts';

const PIDS = gauge('node_processes_pids', 'Processes.');
const THREADS = gauge('node_processes_threads', 'Threads of all processes.');
const STATE = gauge('node_processes_state', 'Processes by state, as ps names it.');
const MAX_PROCESSES = gauge('node_processes_max_processes', 'Most process ids at a time.');
const MAX_THREADS = gauge('node_processes_max_threads', 'Most threads at a time.');
const STATES = ['R', 'S', 'D', 'Z', 'T', 'I'] as const;

export const processes: CollectorModule = {
  name: 'processes',
  everyMs: 2_000,
  shareMax: 0.001,
  create(host, series) {
    const table = new ProcessTable(host);
    const top = new TopProcesses(host, series);
    const pids = series.define(PIDS);
    const threads = series.define(THREADS);
    const states = STATES.map((state) => ({
      code: state.charCodeAt(0),
      slot: series.define(STATE, { state }),
    }));
    const limits = [
      { file: host.proc('sys/kernel/pid_max'), slot: series.define(MAX_PROCESSES) },
      { file: host.proc('sys/kernel/threads-max'), slot: series.define(MAX_THREADS) },
    ];
    return {
      collect(nowMs) {
        table.refresh(nowMs);
        series.set(pids, table.processes.size);
        series.set(threads, table.threads);
        for (const { code, slot } of states) series.set(slot, table.countIn(code));
        for (const { file, slot } of limits) series.set(slot, file.tryScan()?.number() ?? NaN);
        top.update(table.processes.values());
      },
    };
  },
};
