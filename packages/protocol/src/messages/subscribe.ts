import * as v from 'valibot';
import { contractSchema, type Contract } from '../fields/contract.ts';
import { nameSchema } from '../fields/scalars.ts';

/**
 * Client → hub. Opens a subscription, or changes the contract of an open one when `id` is in use and the
 * query is the same. Answered by `subscribed` and then `update`, or by `error` with this `id`.
 */
export interface Subscribe {
  readonly type: 'subscribe';
  /** Chosen by the client, unique among its open subscriptions. */
  readonly id: string;
  /** A PromQL expression that gives an instant vector or a scalar: `node_load1`, `sum(rate(x_total[1m]))`. */
  readonly query: string;
  /**
   * Distance of the steps the query is evaluated at: whole milliseconds, 100 or more. Default 1,000; a bare selector
   * without a step gives the samples as they come.
   */
  readonly stepMs?: number | undefined;
  /** How far back the first samples shall reach; 0 or nothing: only the current value of each series. */
  readonly historyMs?: number | undefined;
  readonly contract?: Contract | undefined;
}

export const subscribeSchema: v.GenericSchema<unknown, Subscribe> = v.object({
  type: v.literal('subscribe'),
  id: nameSchema,
  query: v.pipe(v.string(), v.minLength(1), v.maxLength(65_536)),
  stepMs: v.optional(v.pipe(v.number(), v.finite())),
  historyMs: v.optional(v.pipe(v.number(), v.finite(), v.minValue(0))),
  contract: v.optional(contractSchema),
});
