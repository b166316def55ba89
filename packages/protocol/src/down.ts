import type * as v from 'valibot';
import { ackSchema, type Ack } from './messages/ack.ts';
import { alertsSchema, type Alerts } from './messages/alerts.ts';
import { errorSchema, type ErrorMessage } from './messages/error.ts';
import { goodbyeSchema, type Goodbye } from './messages/goodbye.ts';
import { pingSchema, pongSchema, type Ping, type Pong } from './messages/heartbeat.ts';
import { subscribedSchema, type Subscribed } from './messages/subscribed.ts';
import { unsubscribedSchema, type Unsubscribed } from './messages/unsubscribed.ts';
import { updateSchema, type Update } from './messages/update.ts';
import { welcomeSchema, type Welcome } from './messages/welcome.ts';

/** Everything the hub may send to a client that speaks the subprotocol. */
export type DownMessage =
  | Welcome
  | Subscribed
  | Unsubscribed
  | Update
  | Ack
  | Alerts
  | Ping
  | Pong
  | ErrorMessage
  | Goodbye;

/** By type; the key is the message's `type`. */
export const downSchemas: {
  readonly [T in DownMessage['type']]: v.GenericSchema<unknown, Extract<DownMessage, { type: T }>>;
} = {
  welcome: welcomeSchema,
  subscribed: subscribedSchema,
  unsubscribed: unsubscribedSchema,
  update: updateSchema,
  ack: ackSchema,
  alerts: alertsSchema,
  ping: pingSchema,
  pong: pongSchema,
  error: errorSchema,
  goodbye: goodbyeSchema,
};
