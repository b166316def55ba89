import type * as v from 'valibot';
import { pingSchema, pongSchema, type Ping, type Pong } from './messages/heartbeat.ts';
import { helloSchema, type Hello } from './messages/hello.ts';
import { publishSchema, type Publish } from './messages/publish.ts';
import { subscribeSchema, type Subscribe } from './messages/subscribe.ts';
import { unsubscribeSchema, type Unsubscribe } from './messages/unsubscribe.ts';
import { unwatchSchema, watchSchema, type Unwatch, type Watch } from './messages/watch.ts';

/** Everything a client may send. */
export type UpMessage = Hello | Subscribe | Unsubscribe | Publish | Watch | Unwatch | Ping | Pong;

/** By type; the key is the message's `type`. */
export const upSchemas: {
  readonly [T in UpMessage['type']]: v.GenericSchema<unknown, Extract<UpMessage, { type: T }>>;
} = {
  hello: helloSchema,
  subscribe: subscribeSchema,
  unsubscribe: unsubscribeSchema,
  publish: publishSchema,
  watch: watchSchema,
  unwatch: unwatchSchema,
  ping: pingSchema,
  pong: pongSchema,
};
