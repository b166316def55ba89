import { expect, it } from 'vitest';
import { formatBanner } from './banner.ts';
import { styleFor } from './text-style.ts';

const plain = styleFor({}, {});
const FACTS = {
  version: '0.1.0',
  url: 'http://127.0.0.1:8080',
  loginUrl: 'http://127.0.0.1:8080',
  dataDir: '/var/lib/nowcast',
  agent: true,
};

it('says where to look, where data are, and that this machine is measured', () => {
  expect(formatBanner(FACTS, 'en', plain)).toBe(`
  ● Nowcast 0.1.0  see your machines move

  Open   http://localhost:8080
  Data   /var/lib/nowcast
  Agent  measures this machine once a second

  Ctrl+C stops it.

`);
});

it('warns of the token in a login link', () => {
  const facts = { ...FACTS, loginUrl: 'http://localhost:8080/?token=x', agent: false };
  const text = formatBanner(facts, 'zh', plain);
  expect(text).toContain('  打开  http://localhost:8080/?token=x\n');
  expect(text).toContain('链接中含访问令牌');
  expect(text).toContain('已关闭');
});

it.each([
  [{ isTTY: true }, {}, true],
  [{ isTTY: false }, {}, false],
  [{ isTTY: true }, { NO_COLOR: '1' }, false],
  [{ isTTY: true }, { TERM: 'dumb' }, false],
  [{}, { FORCE_COLOR: '1' }, true],
  [{}, { FORCE_COLOR: '0' }, false],
])('colours on %j with %j: %s', (stream, env, coloured) => {
  expect(styleFor(stream, env).red('x') !== 'x').toBe(coloured);
});
