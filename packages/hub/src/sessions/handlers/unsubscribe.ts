import type { Unsubscribe } from '@nowcast/protocol';
import type { Session } from '../session.ts';

export function handleUnsubscribe(session: Session, { id }: Unsubscribe): void {
  const subscription = session.subscriptions.get(id);
  if (subscription === undefined) {
    const message = `no subscription ${JSON.stringify(id)} is open`;
    session.replyError({ code: 'unknown-subscription', message, id });
    return;
  }
  subscription.close();
  session.subscriptions.delete(id);
  session.reply({ type: 'unsubscribed', id });
}
