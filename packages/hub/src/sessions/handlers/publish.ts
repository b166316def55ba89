import type { Ack, Publish } from '@nowcast/protocol';
import type { Session } from '../session.ts';

export function handlePublish(session: Session, batch: Publish): void {
  const { services, publisher } = session;
  const { source, epoch, seq } = batch;
  const verdict = services.ledger.take(source, epoch, seq);
  if (verdict === 'stale-epoch') {
    const message = `source ${source} has published in a later epoch than ${epoch}`;
    session.replyError({ code: 'stale-epoch', message, publish: { source, epoch, seq } });
    return;
  }
  try {
    // Also of a batch that was taken before: the next one relies on its definitions.
    publisher.define(batch.series ?? []);
    const ack: Ack = { type: 'ack', source, epoch, seq };
    if (verdict === 'duplicate') {
      services.metrics.batchesDuplicate.add(1);
      services.acks.add(session, ack);
      return;
    }
    const rejected = publisher.take(batch.groups);
    services.acks.add(session, rejected.length === 0 ? ack : { ...ack, rejected });
  } catch (error) {
    session.replyFailure(error, { publish: { source, epoch, seq } });
  }
}
