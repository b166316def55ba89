import type { UpMessage } from '@nowcast/protocol';
import type { Session } from '../session.ts';
import { handleHello } from './hello.ts';
import { handlePing } from './ping.ts';
import { handlePublish } from './publish.ts';
import { handleSubscribe } from './subscribe.ts';
import { handleUnsubscribe } from './unsubscribe.ts';

/** One message of a session whose phase allows it. */
export function handleMessage(session: Session, message: UpMessage): void {
  switch (message.type) {
    case 'hello':
      return handleHello(session, message);
    case 'subscribe':
      return handleSubscribe(session, message);
    case 'unsubscribe':
      return handleUnsubscribe(session, message);
    case 'publish':
      return handlePublish(session, message);
    case 'watch':
      return session.alertLane.watch();
    case 'unwatch':
      return session.alertLane.unwatch();
    case 'ping':
      return handlePing(session, message);
    case 'pong':
      // That it came is all there is to know.
      return undefined;
  }
}
