/** The built-in agent as a publisher. Its thread measures; what it sends is taken in as it comes. */
import { startAgentWorker, type AgentWorker, type Batch } from '@nowcast/agent';
import { codeOf, isStaleMarker } from '@nowcast/model';
import type { Clock } from '@nowcast/std';
import type { Logger } from 'pino';
import type { Ingest } from './ingest.ts';
import { RefTable } from './ref-table.ts';

export class AgentSource {
  readonly #ingest: Ingest;
  readonly #log: Logger;
  readonly #refs: RefTable;
  readonly #worker: AgentWorker;
  #refusalLogged = false;

  constructor(ingest: Ingest, clock: Clock, log: Logger) {
    this.#ingest = ingest;
    this.#log = log;
    this.#refs = new RefTable(ingest);
    this.#worker = startAgentWorker({
      clock,
      log: { info: (message) => log.info(message), warn: (message) => log.warn(message) },
      onBatch: (batch) => this.#take(batch),
    });
  }

  close(): Promise<void> {
    return this.#worker.close();
  }

  #take({ timeMs, newSeries, refs, values }: Batch): void {
    for (const { ref, labels, type, help, unit } of newSeries) {
      try {
        this.#refs.set(ref, this.#ingest.series(labels, { type, help, unit }));
      } catch (error) {
        this.#logRefusal(error);
      }
    }
    let count = 0;
    for (let at = 0; at < refs.length; at++) {
      const ref = refs[at] as number;
      if (this.#refs.get(ref) === undefined) continue;
      refs[count] = ref;
      values[count] = values[at] as number;
      count++;
    }
    this.#refs.append(timeMs, refs.subarray(0, count), values.slice(0, count));
    // The agent never uses the ref of an ended series again.
    for (let at = 0; at < count; at++)
      if (isStaleMarker(values[at] as number)) this.#refs.delete(refs[at] as number);
  }

  #logRefusal(error: unknown): void {
    if (this.#refusalLogged) return;
    this.#refusalLogged = true;
    const message = error instanceof Error ? error.message : String(error);
    this.#log.warn(
      { code: codeOf(error) },
      `a series of the built-in agent was refused: ${message}`,
    );
  }
}
