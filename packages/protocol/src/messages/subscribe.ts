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
  /** A PromQL label selector, for example `node_load1` or `{job="node", __name__=~"node_cpu.*"}`. */
  readonly query: string;
  /** How far back the first samples shall reach; 0 or nothing: only the current value of each series. */
  readonly historyMs?: number | undefined;
  readonly contract?: Contract | undefined;
}

export const subscribeSchema: v.GenericSchema<unknown, Subscribe> = v.object({
  type: v.literal('subscribe'),
  id: nameSchema,
  query: v.pipe(v.string(), v.minLength(1), v.maxLength(65_536)),
  historyMs: v.optional(v.pipe(v.number(), v.finite(), v.minValue(0))),
  contract: v.optional(contractSchema),
});
