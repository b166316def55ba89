import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';

export interface PinnedProcessOptions {
  readonly command: readonly string[];
  /** Asked until it answers. */
  readonly readyUrl: string;
  /** Goes with the process. */
  readonly dir: string;
}

const READY_ATTEMPTS = 600;
const READY_MS = 50;

/** A server with all its threads on core 0. */
export class PinnedProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #dir: string;

  private constructor({ command, dir }: PinnedProcessOptions) {
    this.#dir = dir;
    this.#child = spawn('taskset', ['-c', '0', ...command], {
      stdio: 'ignore',
      env: { ...process.env, GOMAXPROCS: '1' },
    });
  }

  static async start(options: PinnedProcessOptions): Promise<PinnedProcess> {
    const started = new PinnedProcess(options);
    for (let attempt = 0; attempt < READY_ATTEMPTS; attempt++) {
      const answer = await fetch(options.readyUrl).catch(() => undefined);
      if (answer?.ok === true) return started;
      await new Promise((resolve) => setTimeout(resolve, READY_MS));
    }
    await started[Symbol.asyncDispose]();
    throw new Error(`${options.command.join(' ')} did not become ready`);
  }

  /** Processor time used so far by all threads, in seconds. */
  cpuSeconds(): number {
    const fields = readFileSync(`/proc/${this.#child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ');
    return (Number(fields?.[11]) + Number(fields?.[12])) / 100;
  }

  residentMegabytes(): number {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    if (this.#child.exitCode === null && this.#child.kill('SIGTERM')) await ended;
    rmSync(this.#dir, { recursive: true, force: true });
  }
}
