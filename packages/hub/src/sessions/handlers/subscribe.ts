import type { Subscribe } from '@nowcast/protocol';
import { Subscription } from '../../live/subscription.ts';
import type { LiveSource } from '../../live/live-source.ts';
import type { Session } from '../session.ts';

export function handleSubscribe(session: Session, request: Subscribe): void {
  const { id } = request;
  const { live, limits, metrics } = session.services;
  let source: LiveSource;
  try {
    source = live.source(request.query, request.stepMs);
  } catch (error) {
    session.replyFailure(error, { id });
    return;
  }
  const open = session.subscriptions.get(id);
  if (open !== undefined) {
    changeContract(session, open, source, request);
    return;
  }
  if (session.subscriptions.size >= limits.subscriptionsMax) {
    metrics.limit('subscriptionsMax');
    const message = `this session has ${limits.subscriptionsMax} subscriptions, as many as it may`;
    session.replyError({ code: 'too-many-subscriptions', message, id });
    return;
  }
  const subscription = new Subscription(id, source, request.contract ?? {}, session);
  session.subscriptions.set(id, subscription);
  session.reply(subscription.answer);
  if (source.ready === undefined) begin(session, subscription, request);
  else
    source.ready.then(
      () => begin(session, subscription, request),
      (error: unknown) => {
        if (subscription.closed) return;
        subscription.close();
        session.subscriptions.delete(id);
        session.replyFailure(error, { id });
      },
    );
}

function begin(session: Session, subscription: Subscription, request: Subscribe): void {
  const { id, historyMs, contract } = request;
  if (historyMs === undefined || historyMs === 0 || contract?.visible === false)
    subscription.resume();
  else
    session.services.live
      .loadHistory(subscription, historyMs, session)
      .catch((error: unknown) => session.replyFailure(error, { id }));
}

function changeContract(
  session: Session,
  open: Subscription,
  source: LiveSource,
  { id, contract }: Subscribe,
): void {
  if (open.source !== source) {
    const message = `subscription ${JSON.stringify(id)} is open for ${open.source.query}; it goes on`;
    session.replyError({ code: 'id-in-use', message, id });
    return;
  }
  open.setContract(contract ?? {});
  session.reply(open.answer);
  open.resume();
}
