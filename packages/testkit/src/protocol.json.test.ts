import { JSON_SUBPROTOCOL } from '@nowcast/protocol';
import { describeProtocol } from './protocol-suite.ts';
import { SessionClient } from './session-client.ts';

for (const compression of [false, true])
  describeProtocol({
    name: `JSON${compression ? ' with permessage-deflate' : ''}`,
    connect: async (hub) =>
      new SessionClient(await hub.connect({ protocol: JSON_SUBPROTOCOL, compression })),
  });
