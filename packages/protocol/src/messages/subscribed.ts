import * as v from 'valibot';
import { grantSchema, type Grant } from '../fields/contract.ts';
import { countSchema, nameSchema } from '../fields/scalars.ts';

/** Hub → client: the subscription is open, or its contract or what is granted of it has changed; its updates follow. */
export interface Subscribed {
  readonly type: 'subscribed';
  readonly id: string;
  /** The query in canonical spelling: equal for queries that mean the same. */
  readonly query: string;
  /** Distance of the steps; absent where the samples come as they are. */
  readonly stepMs?: number | undefined;
  readonly grant: Grant;
  /** Binary encoding only: what stands for `id` in binary messages. */
  readonly number?: number | undefined;
}

export const subscribedSchema: v.GenericSchema<unknown, Subscribed> = v.object({
  type: v.literal('subscribed'),
  id: nameSchema,
  query: v.string(),
  stepMs: v.optional(v.number()),
  grant: grantSchema,
  number: v.optional(countSchema),
});
