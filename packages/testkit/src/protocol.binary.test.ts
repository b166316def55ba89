import { BINARY_SUBPROTOCOL } from '@nowcast/protocol';
import { describeProtocol } from './protocol-suite.ts';
import { SessionClient } from './session-client.ts';

describeProtocol({
  name: 'binary frames',
  connect: async (hub) => new SessionClient(await hub.connect({ protocol: BINARY_SUBPROTOCOL })),
});
