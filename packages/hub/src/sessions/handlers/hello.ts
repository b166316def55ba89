import { CloseCode, PROTOCOL_VERSION, PROTOCOL_VERSION_MIN, type Hello } from '@nowcast/protocol';
import type { Session } from '../session.ts';

export function handleHello(session: Session, hello: Hello): void {
  const { services } = session;
  const version = hello.versions.find(
    (one) => one >= PROTOCOL_VERSION_MIN && one <= PROTOCOL_VERSION,
  );
  if (version === undefined) {
    const message = `the client speaks versions ${hello.versions.join(', ')}; this hub speaks ${PROTOCOL_VERSION_MIN} to ${PROTOCOL_VERSION}`;
    session.refuse('unsupported-version', message, CloseCode.UNSUPPORTED_VERSION);
    return;
  }
  if (!session.authorized && !services.tokens.accepts(hello.token)) {
    const what = hello.token === undefined ? 'this hub asks for a token' : 'the token is wrong';
    session.refuse('unauthorized', what, CloseCode.UNAUTHORIZED);
    return;
  }
  session.opened();
  const { limits, timing, clock } = services;
  services.log.debug({ session: session.name, client: hello.client }, 'session open');
  session.reply({
    type: 'welcome',
    version,
    session: session.name,
    epoch: services.epoch,
    hub: services.version,
    serverTimeMs: clock.nowMs(),
    heartbeatMs: timing.heartbeatMs,
    limits: {
      messageBytesMax: limits.messageBytesMax,
      subscriptionsMax: limits.subscriptionsMax,
      publishSeriesMax: limits.publishSeriesMax,
      sendQueueBytesMax: limits.sendQueueBytesMax,
    },
    capabilities: [],
  });
}
