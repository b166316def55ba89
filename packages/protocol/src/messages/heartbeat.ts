import * as v from 'valibot';
import { timeMsSchema } from '../fields/scalars.ts';

/** Both ways: are you there? Answered at once by `pong`. */
export interface Ping {
  readonly type: 'ping';
  /** The sender's clock, returned untouched in `pong`. */
  readonly timeMs: number;
}

/** Both ways: the answer to `ping`. */
export interface Pong {
  readonly type: 'pong';
  /** The `timeMs` of the ping. */
  readonly timeMs: number;
  /** The clock of the side that answers. */
  readonly receivedMs: number;
}

export const pingSchema: v.GenericSchema<unknown, Ping> = v.object({
  type: v.literal('ping'),
  timeMs: timeMsSchema,
});

export const pongSchema: v.GenericSchema<unknown, Pong> = v.object({
  type: v.literal('pong'),
  timeMs: timeMsSchema,
  receivedMs: timeMsSchema,
});
