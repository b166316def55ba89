import { expect, it } from 'vitest';
import { startTestHub } from './test-hub.ts';

/** docs/metrics.md is the rendering of the hub's registry; `npx vitest run packages/testkit/src/metric-docs.test.ts -u` writes it. */
it('docs/metrics.md lists every metric of the hub', async () => {
  await using hub = await startTestHub();
  const text = await (await fetch(`${hub.url}/metrics`)).text();
  await expect(render(text)).toMatchFileSnapshot('../../../docs/metrics.md');
});

function render(text: string): string {
  const families = [...text.matchAll(/^# HELP (\S+) (.*)\n# TYPE \1 (\S+)$/gm)];
  const rows = families
    .map(([, name = '', help = '', type = '']) => ({ name, help, type }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, help, type }) => `| \`${name}\` | ${type} | ${unitOf(name)} | ${help} |`);
  return (
    '# Metrics\n\nWhat `GET /metrics` of the hub tells about the hub itself, in Prometheus’s text format.\n\n' +
    `| metric | type | unit | |\n|---|---|---|---|\n${rows.join('\n')}\n`
  );
}

function unitOf(name: string): string {
  return /_(seconds|bytes|ratio)(_total)?$/.exec(name)?.[1] ?? '1';
}
