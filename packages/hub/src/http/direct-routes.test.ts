import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { TokenGuard } from '../access/token.ts';
import { directRoutes } from './direct-routes.ts';

const TOKEN = 'a-token-for-this-test';

test.each([
  ['the token', { authorization: `Bearer ${TOKEN}` }, '/direct', [200, 'direct']],
  ['a query string', { authorization: `Bearer ${TOKEN}` }, '/direct?x=1', [200, 'direct']],
  ['no token', {}, '/direct', [401, 'unauthorized: send Authorization: Bearer TOKEN\n']],
  [
    'a foreign page',
    { authorization: `Bearer ${TOKEN}`, origin: 'https://other.example.org' },
    '/direct',
    [403, 'origin-refused: pages of https://other.example.org may not change anything here\n'],
  ],
  ['another path', {}, '/direct/else', [200, 'otherwise']],
])('with %s', async (_, headers, path, answer) => {
  const server = createServer(
    directRoutes({
      rules: { loopbackOnly: true, origins: [], hosts: [] },
      tokens: new TokenGuard(TOKEN),
      routes: new Map([['/direct', (_request, response) => void response.end('direct')]]),
      otherwise: (_request, response) => void response.end('otherwise'),
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const sent = { method: 'POST', body: 'x', headers: headers as Record<string, string> };
    const response = await fetch(`http://127.0.0.1:${port}${path}`, sent);
    expect([response.status, await response.text()]).toEqual(answer);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});
