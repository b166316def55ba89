/**
 * The agent by itself: samples this machine and publishes to a hub elsewhere. Sampling goes on while the
 * hub cannot be reached; the publisher's spool keeps what it has not acknowledged.
 */
import { hostname } from 'node:os';
import {
  connect,
  type Client,
  type PublishProblem,
  type Publisher,
  type Spool,
} from '@nowcast/client';
import type { LabelRecord } from '@nowcast/model';
import { systemClock, type Clock } from '@nowcast/std';
import { WebSocket } from 'ws';
import type { AgentLog } from './agent-log.ts';
import type { Batch } from './batch.ts';
import { collectorsFor } from './collectors/registry.ts';
import { defaultLabels } from './default-labels.ts';
import type { HostPaths } from './host.ts';
import { Sampler } from './sampler.ts';

export interface RunAgentOptions {
  /** `ws://host:8080/monitor`; http and https and a missing path are put right. */
  readonly hubUrl: string;
  readonly log: AgentLog;
  readonly token?: string | undefined;
  /** 1,000 when missing. */
  readonly intervalMs?: number | undefined;
  /** `job="node"` and `instance=<host name>` when missing. */
  readonly externalLabels?: LabelRecord | undefined;
  /** Name of the publisher, stable across restarts; `agent/<instance>` when missing. */
  readonly source?: string | undefined;
  /** Where unacknowledged batches wait; 16 MiB of memory when missing. */
  readonly spool?: Spool | undefined;
  readonly paths?: Partial<HostPaths> | undefined;
  readonly clock?: Clock | undefined;
}

export interface RunningAgent {
  readonly client: Client;
  setInterval(intervalMs: number): void;
  /** Stops sampling and closes the connection; what is in the spool stays there. */
  close(): void;
}

/** @throws {CodedError} `bad-url` */
export function runAgent(options: RunAgentOptions): RunningAgent {
  const { hubUrl, log, token, clock = systemClock } = options;
  const externalLabels = options.externalLabels ?? defaultLabels();
  const source = options.source ?? `agent/${externalLabels['instance'] ?? hostname()}`;
  const client = connect({
    url: hubUrl,
    token,
    WebSocket,
    name: source,
    clock,
    onError: (error) => log.warn(`${error.code}: ${error.message}`),
  });
  const publisher = client.publisher({
    source,
    spool: options.spool,
    onProblem: (problem) => log.warn(describe(problem)),
  });
  const sampler = new Sampler({
    clock,
    log,
    externalLabels,
    collectors: collectorsFor(process.platform),
    intervalMs: options.intervalMs,
    paths: options.paths,
    sink: { publish: (batch) => publishBatch(publisher, batch) },
  });
  sampler.start();
  return {
    client,
    setInterval: (intervalMs) => sampler.setInterval(intervalMs),
    close() {
      sampler.stop();
      client.close();
    },
  };
}

function publishBatch(publisher: Publisher, batch: Batch): void {
  publisher.publish({
    timeMs: batch.timeMs,
    newSeries: batch.newSeries.map(({ ref, labels, type, help, unit }) => ({
      ref,
      labels: labels.toRecord(),
      type,
      help,
      unit,
    })),
    refs: batch.refs,
    values: batch.values,
  });
}

function describe(problem: PublishProblem): string {
  switch (problem.type) {
    case 'dropped':
      return `the spool is full: ${problem.batches} batches (${problem.samples} samples) were dropped`;
    case 'rejected':
      return `the hub rejected ${problem.rejections.length} kinds of samples for good`;
    case 'refused':
      return `the hub refused a batch: ${problem.error.code}: ${problem.error.message}`;
  }
}
