import * as v from 'valibot';
import { countSchema, nameSchema } from '../fields/scalars.ts';

/** Part of a batch that the hub could not take; the rest of the batch is kept. */
export interface Rejection {
  /** An error code of docs/errors.md. */
  readonly code: string;
  readonly message: string;
  readonly samples: number;
}

/** Hub → client: every batch of this source and epoch up to `seq` is durable. */
export interface Ack {
  readonly type: 'ack';
  readonly source: string;
  readonly epoch: number;
  readonly seq: number;
  readonly rejected?: readonly Rejection[] | undefined;
}

export const ackSchema: v.GenericSchema<unknown, Ack> = v.object({
  type: v.literal('ack'),
  source: nameSchema,
  epoch: countSchema,
  seq: countSchema,
  rejected: v.optional(
    v.array(v.object({ code: v.string(), message: v.string(), samples: countSchema })),
  ),
});
