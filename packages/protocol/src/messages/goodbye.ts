import * as v from 'valibot';
import { countSchema } from '../fields/scalars.ts';

/** Hub → client: the hub is about to close this session. Only the close code decides what follows. */
export interface Goodbye {
  readonly type: 'goodbye';
  /** A close code of PROTOCOL.md. */
  readonly code: number;
  readonly reason: string;
  /** Come back no sooner; spread by the hub so that its clients do not return all at once. */
  readonly reconnectAfterMs?: number | undefined;
}

export const goodbyeSchema: v.GenericSchema<unknown, Goodbye> = v.object({
  type: v.literal('goodbye'),
  code: countSchema,
  reason: v.string(),
  reconnectAfterMs: v.optional(countSchema),
});
