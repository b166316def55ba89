import type { Matcher } from '@nowcast/model';
import { checkSelective, readMatchers } from './label-matchers.ts';
import { badQuery } from './position.ts';
import { parseTree, spanOf } from './syntax-tree.ts';

/**
 * Reads an instant selector such as `http_requests_total{job="api"}` or `{"a.b", x=~"y.*"}`.
 * @throws {CodedError} `bad-query`, the position in `details` as line, column, from, to.
 */
export function parseSelector(text: string): readonly Matcher[] {
  const node = parseTree(text);
  if (node.name !== 'VectorSelector')
    throw badQuery(
      text,
      spanOf(node),
      'a series selector was expected, such as metric{label="value"}',
    );
  const matchers = readMatchers(text, node);
  checkSelective(text, spanOf(node), matchers);
  return matchers;
}
