import * as v from 'valibot';
import { countSchema } from '../fields/scalars.ts';

/** Hub → client: a request failed. The session goes on, other subscriptions are not touched. */
export interface ErrorMessage {
  readonly type: 'error';
  /** A code of docs/errors.md. */
  readonly code: string;
  /** What happened, to which thing, and what to do, in English. */
  readonly message: string;
  /** True when the same request may succeed later without a change. */
  readonly retryable: boolean;
  /** The subscription concerned. */
  readonly id?: string | undefined;
  /** The batch concerned. */
  readonly publish?:
    | { readonly source: string; readonly epoch: number; readonly seq: number }
    | undefined;
  /** Earliest moment to try again. */
  readonly retryAfterMs?: number | undefined;
}

export const errorSchema: v.GenericSchema<unknown, ErrorMessage> = v.object({
  type: v.literal('error'),
  code: v.string(),
  message: v.string(),
  retryable: v.boolean(),
  id: v.optional(v.string()),
  publish: v.optional(v.object({ source: v.string(), epoch: countSchema, seq: countSchema })),
  retryAfterMs: v.optional(countSchema),
});
