/** All processes of the machine with what `/proc/PID/stat` tells of them. */
import type { ByteScanner } from '../byte-scanner.ts';
import type { Host } from '../host.ts';

export interface ProcessRecord {
  readonly pid: number;
  /** Start in clock ticks since boot: tells two processes with one pid apart. */
  readonly startTicks: number;
  /** At most 15 bytes; changes when the process starts another program. */
  name: string;
  cpuSeconds: number;
  /** CPUs in use since the walk before, smoothed over a few walks; 1 is one whole core. */
  cpuRatio: number;
  residentBytes: number;
  seenInWalk: number;
}

const CLOSING_PARENTHESIS = 41;
const PID = /^\d+$/;
/** Part of the newest measurement in the smoothed rate. */
const SMOOTHING = 0.5;
const BYTE_VALUES = 256;

interface Reading {
  state: number;
  cpuTicks: number;
  threads: number;
  startTicks: number;
  residentPages: number;
  nameStart: number;
  nameEnd: number;
}

export class ProcessTable {
  readonly processes: Map<number, ProcessRecord> = new Map();
  readonly #host: Host;
  readonly #states = new Uint32Array(BYTE_VALUES);
  readonly #reading: Reading = {
    state: 0,
    cpuTicks: 0,
    threads: 0,
    startTicks: 0,
    residentPages: 0,
    nameStart: 0,
    nameEnd: 0,
  };
  #threads = 0;
  #walk = 0;
  #walkedAtMs = NaN;

  constructor(host: Host) {
    this.#host = host;
  }

  get threads(): number {
    return this.#threads;
  }

  /** How many processes are in the state with this letter. */
  countIn(state: number): number {
    return this.#states[state] ?? 0;
  }

  /** Walks over all processes; those that end meanwhile are simply not there. */
  refresh(nowMs: number): void {
    const elapsedSeconds = (nowMs - this.#walkedAtMs) / 1000;
    this.#walkedAtMs = nowMs;
    this.#walk++;
    this.#states.fill(0);
    this.#threads = 0;
    for (const name of this.#host.procNames('')) {
      if (!PID.test(name)) continue;
      const scan = this.#host.scanProcOnce(`${name}/stat`);
      if (scan !== undefined && parse(scan, this.#reading))
        this.#record(Number(name), scan, elapsedSeconds);
    }
    for (const [pid, record] of this.processes)
      if (record.seenInWalk !== this.#walk) this.processes.delete(pid);
  }

  #record(pid: number, scan: ByteScanner, elapsedSeconds: number): void {
    const { state, threads, startTicks, residentPages, cpuTicks } = this.#reading;
    this.#states[state] = (this.#states[state] as number) + 1;
    this.#threads += threads;
    const cpuSeconds = cpuTicks / this.#host.ticksPerSecond;
    const residentBytes = residentPages * this.#host.pageBytes;
    const known = this.processes.get(pid);
    if (known === undefined || known.startTicks !== startTicks) {
      const name = scan.text(this.#reading.nameStart, this.#reading.nameEnd);
      this.processes.set(pid, {
        pid,
        startTicks,
        name,
        cpuSeconds,
        cpuRatio: 0,
        residentBytes,
        seenInWalk: this.#walk,
      });
      return;
    }
    if (elapsedSeconds > 0) {
      const ratio = Math.max(0, cpuSeconds - known.cpuSeconds) / elapsedSeconds;
      known.cpuRatio += SMOOTHING * (ratio - known.cpuRatio);
      // A process that works has it in its name when it becomes another program.
      if (ratio > 0) known.name = scan.text(this.#reading.nameStart, this.#reading.nameEnd);
    }
    known.cpuSeconds = cpuSeconds;
    known.residentBytes = residentBytes;
    known.seenInWalk = this.#walk;
  }
}

/** Reads `pid (name) state ppid …`; the name may hold blanks and parentheses, so the last one ends it. */
function parse(scan: ByteScanner, into: Reading): boolean {
  const close = scan.bytes.lastIndexOf(CLOSING_PARENTHESIS, scan.length - 1);
  if (close < 0 || !scan.token()) return false;
  into.nameStart = Math.min(scan.tokenEnd + 2, close);
  into.nameEnd = close;
  scan.moveTo(close + 1);
  if (!scan.token()) return false;
  into.state = scan.bytes[scan.tokenStart] as number;
  scan.skipTokens(10);
  into.cpuTicks = scan.number() + scan.number();
  scan.skipTokens(4);
  into.threads = scan.number();
  scan.skipTokens(1);
  into.startTicks = scan.number();
  scan.skipTokens(1);
  into.residentPages = scan.number();
  return !Number.isNaN(into.residentPages);
}
