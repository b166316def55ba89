/**
 * The processes that use most CPU and most memory, as series. Never more than `2 · TOP` processes; one
 * that is listed gets a lead, so that two of the same size do not take turns.
 */
import { statSync } from 'node:fs';
import type { Host } from '../host.ts';
import { counter, gauge, type SeriesGroup, type Slot } from '../series-group.ts';
import type { ProcessRecord } from './process-table.ts';
import { UserNames } from './user-names.ts';

const CPU_SECONDS = counter(
  'nowcast_process_cpu_seconds_total',
  'CPU time of one of the busiest or largest processes.',
);
const CPU_RATIO = gauge(
  'nowcast_process_cpu_usage_ratio',
  'CPUs the process uses, smoothed over a few seconds; 1 is one whole core.',
);
const RESIDENT = gauge(
  'nowcast_process_resident_memory_bytes',
  'Memory of the process that is in RAM, shared pages included.',
);

const TOP = 10;
/** Factor on the score of a listed process. */
const LEAD = 1.25;
/** Below this a process is idle and in no list. */
const CPU_RATIO_MIN = 0.001;

interface Listed {
  readonly name: string;
  readonly startTicks: number;
  readonly cpuSeconds: Slot;
  readonly cpuRatio: Slot;
  readonly resident: Slot;
}

export class TopProcesses {
  readonly #host: Host;
  readonly #series: SeriesGroup;
  readonly #users: UserNames;
  readonly #listed = new Map<number, Listed>();

  constructor(host: Host, series: SeriesGroup) {
    this.#host = host;
    this.#series = series;
    this.#users = new UserNames(host);
  }

  update(processes: Iterable<ProcessRecord>): void {
    const byCpu = new TopList();
    const byMemory = new TopList();
    for (const process of processes) {
      const lead = this.#listed.has(process.pid) ? LEAD : 1;
      if (process.cpuRatio >= CPU_RATIO_MIN) byCpu.offer(process, process.cpuRatio * lead);
      if (process.residentBytes > 0) byMemory.offer(process, process.residentBytes * lead);
    }
    const chosen = new Map<number, ProcessRecord>();
    for (const process of [...byCpu.items, ...byMemory.items]) chosen.set(process.pid, process);
    for (const [pid, listed] of this.#listed) {
      const process = chosen.get(pid);
      if (process?.startTicks === listed.startTicks && process.name === listed.name) continue;
      this.#end(pid, listed);
    }
    for (const process of chosen.values()) this.#set(process);
  }

  #set(process: ProcessRecord): void {
    const listed = this.#listed.get(process.pid) ?? this.#begin(process);
    this.#series.set(listed.cpuSeconds, process.cpuSeconds);
    this.#series.set(listed.cpuRatio, process.cpuRatio);
    this.#series.set(listed.resident, process.residentBytes);
  }

  #begin(process: ProcessRecord): Listed {
    const labels = {
      pid: String(process.pid),
      name: process.name,
      user: this.#userOf(process.pid),
    };
    const listed: Listed = {
      name: process.name,
      startTicks: process.startTicks,
      cpuSeconds: this.#series.define(CPU_SECONDS, labels),
      cpuRatio: this.#series.define(CPU_RATIO, labels),
      resident: this.#series.define(RESIDENT, labels),
    };
    this.#listed.set(process.pid, listed);
    return listed;
  }

  #end(pid: number, listed: Listed): void {
    this.#series.release(listed.cpuSeconds);
    this.#series.release(listed.cpuRatio);
    this.#series.release(listed.resident);
    this.#listed.delete(pid);
  }

  #userOf(pid: number): string {
    try {
      return this.#users.nameOf(statSync(`${this.#host.paths.procPath}/${pid}`).uid);
    } catch {
      return '';
    }
  }
}

/** The `TOP` highest scores, highest first. */
class TopList {
  readonly items: ProcessRecord[] = [];
  readonly #scores: number[] = [];

  offer(item: ProcessRecord, score: number): void {
    let at = this.items.length;
    if (at === TOP && score <= (this.#scores[TOP - 1] as number)) return;
    while (at > 0 && score > (this.#scores[at - 1] as number)) at--;
    this.items.splice(at, 0, item);
    this.#scores.splice(at, 0, score);
    this.items.length = Math.min(this.items.length, TOP);
    this.#scores.length = this.items.length;
  }
}
