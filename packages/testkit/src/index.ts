export { describeProtocol, type ProtocolDialect } from './protocol-suite.ts';
export { RawClient, UpgradeRefused, type Closing, type RawClientOptions } from './raw-client.ts';
export { SessionClient } from './session-client.ts';
export { SubscriberView } from './subscriber-view.ts';
export { startTestHub, type TestHub } from './test-hub.ts';
export { TestPublisher } from './test-publisher.ts';
