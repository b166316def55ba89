/**
 * One connection's side of publishing: the series it has defined under refs of its own. A part of a batch that
 * cannot be taken is named and left out; the rest is kept.
 */
import { CodedError, LabelSet, METRIC_NAME, type SeriesRef } from '@nowcast/model';
import { fromWireValue, type Publish, type PublishGroup, type Rejection } from '@nowcast/protocol';
import type { SeriesDefinition } from '@nowcast/protocol';
import type { Clock } from '@nowcast/std';
import type { HubLimits } from '../access/limits.ts';
import type { HubMetrics } from '../metrics/hub-metrics.ts';
import type { Ingest } from './ingest.ts';
import { RefTable } from './ref-table.ts';

export interface PublisherServices {
  readonly ingest: Ingest;
  readonly clock: Clock;
  readonly limits: HubLimits;
  readonly metrics: HubMetrics;
  readonly futureMs: number;
}

interface Refusal {
  readonly code: string;
  readonly message: string;
}

export class Publisher {
  readonly #services: PublisherServices;
  readonly #refs: RefTable;
  readonly #refused = new Map<number, Refusal>();
  #receivedMs = 0;
  #rejections = new Map<string, { code: string; message: string; samples: number }>();

  constructor(services: PublisherServices) {
    this.#services = services;
    this.#refs = new RefTable(services.ingest);
  }

  /** Learns the series of a batch, also of one whose samples are known already. */
  define(series: readonly SeriesDefinition[]): void {
    for (const definition of series) {
      const resolved = this.#resolve(definition);
      if (typeof resolved === 'number') this.#refs.set(definition.ref, resolved);
      else this.#refused.set(definition.ref, resolved);
    }
  }

  /** Takes the samples of a batch; returns what could not be taken. */
  take(groups: Publish['groups']): Rejection[] {
    // Samples without a time of their own must not fall onto those of the batch before.
    this.#receivedMs = Math.max(this.#services.clock.nowMs(), this.#receivedMs + 1);
    for (const group of groups) this.#takeGroup(group);
    const rejections = [...this.#rejections.values()];
    this.#rejections = new Map();
    for (const { code, samples } of rejections)
      this.#services.metrics.samplesRejected.add(samples, { code });
    return rejections;
  }

  #takeGroup(group: PublishGroup): void {
    const { clock, futureMs } = this.#services;
    const nowMs = clock.nowMs();
    const timeMs = group.timeMs ?? this.#receivedMs;
    if (timeMs > nowMs + futureMs) {
      this.#reject(AHEAD, group.values.length);
      return;
    }
    const refs: number[] = [];
    const values = new Float64Array(group.values.length);
    for (const [at, value] of group.values.entries()) {
      const ref = group.refs === undefined ? at : (group.refs[at] as number);
      if (this.#refs.get(ref) === undefined) {
        this.#reject(this.#refused.get(ref) ?? unknownRef(ref), 1);
        continue;
      }
      values[refs.length] = fromWireValue(value);
      refs.push(ref);
    }
    if (refs.length === 0) return;
    const { tooOld } = this.#refs.append(timeMs, refs, values.subarray(0, refs.length));
    if (tooOld > 0) this.#reject(TOO_OLD, tooOld);
  }

  #resolve({ ref, labels, ...metadata }: SeriesDefinition): SeriesRef | Refusal {
    const { limits, ingest, metrics } = this.#services;
    const defined = this.#refs.size + this.#refused.size;
    if (this.#refs.get(ref) === undefined && defined >= limits.publishSeriesMax) {
      metrics.limit('publishSeriesMax');
      const message = `this connection has defined ${limits.publishSeriesMax} series, as many as it may`;
      return { code: 'publish-series-limit', message };
    }
    const set = LabelSet.from(labels);
    if (set.metric === '')
      return {
        code: 'bad-labels',
        message: `a series needs a label ${METRIC_NAME}: ${String(set)}`,
      };
    if (set.size > limits.labelsMax) {
      metrics.limit('labelsMax');
      const message = `${set.metric} has ${set.size} labels; ${limits.labelsMax} are allowed`;
      return { code: 'bad-labels', message };
    }
    try {
      return ingest.series(set, metadata);
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      if (error.code === 'series-limit') metrics.limit('seriesMax');
      return { code: error.code, message: error.message };
    }
  }

  #reject({ code, message }: Refusal, samples: number): void {
    const known = this.#rejections.get(code);
    if (known === undefined) this.#rejections.set(code, { code, message, samples });
    else known.samples += samples;
  }
}

const AHEAD: Refusal = {
  code: 'too-far-ahead',
  message: 'samples are far ahead of the hub’s clock; set the clocks of publisher and hub',
};

const TOO_OLD: Refusal = {
  code: 'too-old',
  message: 'samples are older than the store keeps',
};

function unknownRef(ref: number): Refusal {
  return { code: 'unknown-ref', message: `ref ${ref} was not defined on this connection` };
}
