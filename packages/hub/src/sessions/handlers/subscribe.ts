import type { Subscribe } from '@nowcast/protocol';
import { Subscription } from '../../live/subscription.ts';
import type { Selection } from '../../live/selection.ts';
import type { Session } from '../session.ts';

export function handleSubscribe(session: Session, request: Subscribe): void {
  const { id } = request;
  const { live, limits, metrics } = session.services;
  let selection: Selection;
  try {
    selection = live.selection(request.query);
  } catch (error) {
    session.replyFailure(error, { id });
    return;
  }
  const open = session.subscriptions.get(id);
  if (open !== undefined) {
    changeContract(session, open, selection, request);
    return;
  }
  if (session.subscriptions.size >= limits.subscriptionsMax) {
    metrics.limit('subscriptionsMax');
    const message = `this session has ${limits.subscriptionsMax} subscriptions, as many as it may`;
    session.replyError({ code: 'too-many-subscriptions', message, id });
    return;
  }
  const subscription = new Subscription(id, selection, request.contract ?? {}, session);
  session.subscriptions.set(id, subscription);
  const { query } = selection;
  const { grant, number } = subscription;
  session.reply({ type: 'subscribed', id, query, grant, number });
  const { historyMs, contract } = request;
  if (historyMs === undefined || historyMs === 0 || contract?.visible === false)
    subscription.resume();
  else
    live.loadHistory(subscription, historyMs, session).catch((error: unknown) => {
      session.replyFailure(error, { id });
    });
}

function changeContract(
  session: Session,
  open: Subscription,
  selection: Selection,
  { id, contract }: Subscribe,
): void {
  if (open.selection !== selection) {
    const message = `subscription ${JSON.stringify(id)} is open for ${open.selection.query}; it goes on`;
    session.replyError({ code: 'id-in-use', message, id });
    return;
  }
  open.setContract(contract ?? {});
  const { grant, number } = open;
  session.reply({ type: 'subscribed', id, query: selection.query, grant, number });
  open.resume();
}
