import * as v from 'valibot';
import { countSchema, nameSchema, refsSchema, timeMsSchema } from '../fields/scalars.ts';
import { seriesDefinitionSchema, type SeriesDefinition } from '../fields/series.ts';
import { wireValuesSchema, type WireValue } from '../fields/value.ts';

/** Samples that share a timestamp. */
export interface UpdateGroup {
  readonly timeMs: number;
  /** Series whose value is new or changed; `values[i]` belongs to `refs[i]`. */
  readonly refs: readonly number[];
  readonly values: readonly WireValue[];
  /**
   * Series that were sampled at `timeMs` with the value they had before, as ranges of refs: first, last,
   * first, last … both inclusive. Unchanged values are not sent again, yet no sample goes untold.
   */
  readonly same?: readonly number[] | undefined;
}

/**
 * Hub → client: what happened to a subscription since its last update, in this order: series that joined,
 * samples, series that left.
 */
export interface Update {
  readonly type: 'update';
  readonly id: string;
  /** 1, 2, 3 … within the subscription; a hole is an error of the hub. */
  readonly seq: number;
  /** True while the samples are history; the first update without it is live. */
  readonly history?: boolean | undefined;
  readonly add?: readonly SeriesDefinition[] | undefined;
  /** In order of time within a series; several groups may share a timestamp. */
  readonly groups: readonly UpdateGroup[];
  /** Refs of series that ended or no longer match. */
  readonly remove?: readonly number[] | undefined;
}

const groupSchema = v.object({
  timeMs: timeMsSchema,
  refs: refsSchema,
  values: wireValuesSchema,
  same: v.optional(refsSchema),
});

export const updateSchema: v.GenericSchema<unknown, Update> = v.object({
  type: v.literal('update'),
  id: nameSchema,
  seq: countSchema,
  history: v.optional(v.boolean()),
  add: v.optional(v.array(seriesDefinitionSchema)),
  groups: v.array(groupSchema),
  remove: v.optional(refsSchema),
});
