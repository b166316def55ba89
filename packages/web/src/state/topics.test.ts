import { expect, test } from 'vitest';
import { selectorOf } from './topics.ts';

test('a selector names its metrics and its host', () => {
  expect(selectorOf(['node_load1'])).toBe('{__name__="node_load1"}');
  expect(selectorOf(['a', 'b'], 'web-1:9100')).toBe('{__name__=~"a|b", instance="web-1:9100"}');
});

test('a host’s name cannot break out of its quotes', () => {
  expect(selectorOf(['a'], 'x"\\\n')).toBe('{__name__="a", instance="x\\"\\\\\\n"}');
});
