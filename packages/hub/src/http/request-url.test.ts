import fc from 'fast-check';
import { expect, it } from 'vitest';
import { tokenOf } from '../access/token.ts';
import { requestUrl } from './request-url.ts';

it.each([
  ['/monitor?query=up', '/monitor', 'up'],
  ['//', '//', null],
  ['//evil.example/monitor', '//evil.example/monitor', null],
  ['http://hub/monitor?query=a', '/monitor', 'a'],
  [undefined, '/', null],
])('reads the path of %s', (target, path, query) => {
  const url = requestUrl(target);
  expect([url?.pathname, url?.searchParams.get('query')]).toEqual([path, query]);
});

it('whatever a stranger sends as target or cookie is judged, not thrown', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (target, cookie) => {
      const url = requestUrl(target) ?? new URL('http://hub/');
      tokenOf({ cookie: `nowcast_token=${cookie}`, url });
    }),
    {
      examples: [
        ['//', '%'],
        ['*', '%E0%A4%A'],
        ['http://[', ''],
      ],
    },
  );
});
