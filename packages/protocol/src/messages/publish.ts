import * as v from 'valibot';
import { countSchema, nameSchema, refsSchema, timeMsSchema } from '../fields/scalars.ts';
import { seriesDefinitionSchema, type SeriesDefinition } from '../fields/series.ts';
import { wireValuesSchema, type WireValue } from '../fields/value.ts';

export interface PublishGroup {
  /** When it was measured; without it, when the hub received it. */
  readonly timeMs?: number | undefined;
  /** Which series; without it `values[i]` belongs to ref i. */
  readonly refs?: readonly number[] | undefined;
  readonly values: readonly WireValue[];
}

/**
 * Client → hub: a batch of samples. Answered by `ack` once it is durable; until then the publisher keeps
 * it and sends it again on the next connection. (source, epoch, seq) names a batch for ever: one that
 * the hub already has is acknowledged and otherwise ignored.
 */
export interface Publish {
  readonly type: 'publish';
  /** Who publishes; stable across restarts. One connection may carry several sources. */
  readonly source: string;
  /** Rises when the publisher starts without memory of its last seq: its start time in ms will do. */
  readonly epoch: number;
  /** Rises by one from batch to batch within an epoch, from 1. */
  readonly seq: number;
  /** Series used here for the first time on this connection. */
  readonly series?: readonly SeriesDefinition[] | undefined;
  readonly groups: readonly PublishGroup[];
}

const groupSchema = v.pipe(
  v.object({
    timeMs: v.optional(timeMsSchema),
    refs: v.optional(refsSchema),
    values: wireValuesSchema,
  }),
  v.check(
    (group) => group.refs === undefined || group.refs.length === group.values.length,
    'refs and values must have the same length',
  ),
);

export const publishSchema: v.GenericSchema<unknown, Publish> = v.object({
  type: v.literal('publish'),
  source: nameSchema,
  epoch: countSchema,
  seq: countSchema,
  series: v.optional(v.array(seriesDefinitionSchema)),
  groups: v.array(groupSchema),
});
