import * as v from 'valibot';
import { countSchema, timeMsSchema } from '../fields/scalars.ts';

/** Limits of this hub that a client can run into; what happens then stands in PROTOCOL.md. */
export interface SessionLimits {
  readonly messageBytesMax: number;
  readonly subscriptionsMax: number;
  /** Series one connection may define by `publish`. */
  readonly publishSeriesMax: number;
  /** Bytes waiting for a client that reads slowly, after which its connection is closed. */
  readonly sendQueueBytesMax: number;
}

/** Hub → client, the answer to `hello`. */
export interface Welcome {
  readonly type: 'welcome';
  /** The version both sides speak from here on. */
  readonly version: number;
  /** Names this session in the hub's logs. */
  readonly session: string;
  /** Changes whenever the hub starts; refs and positions of an older epoch mean nothing. */
  readonly epoch: string;
  /** Version of the hub's software. */
  readonly hub: string;
  readonly serverTimeMs: number;
  /** The hub sends something at least this often; after two silent intervals the peer is dead. */
  readonly heartbeatMs: number;
  readonly limits: SessionLimits;
  /** Those of the client's capabilities that the hub shares. */
  readonly capabilities: readonly string[];
}

export const welcomeSchema: v.GenericSchema<unknown, Welcome> = v.object({
  type: v.literal('welcome'),
  version: countSchema,
  session: v.string(),
  epoch: v.string(),
  hub: v.string(),
  serverTimeMs: timeMsSchema,
  heartbeatMs: countSchema,
  limits: v.object({
    messageBytesMax: countSchema,
    subscriptionsMax: countSchema,
    publishSeriesMax: countSchema,
    sendQueueBytesMax: countSchema,
  }),
  capabilities: v.array(v.string()),
});
