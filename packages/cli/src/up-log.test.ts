import { expect, it } from 'vitest';
import { styleFor } from './text-style.ts';
import { formatLine } from './up-log.ts';

it.each([
  [
    { level: 40, msg: 'the disk is nearly full', part: 'store', free: 12 },
    'warn  the disk is nearly full part=store free=12',
  ],
  [{ level: 50, msg: 'failed', err: { message: 'no\u001B[2J' } }, 'error failed err=no\uFFFD[2J'],
  [{ level: 30 }, 'info'],
])('%j', (record, expected) => {
  const time = new Date(2026, 0, 1, 12, 34, 56).getTime();
  const line = JSON.stringify({ ...record, time, pid: 1, hostname: 'h', name: 'nowcast' });
  expect(formatLine(line, styleFor({}, {})).trimEnd()).toBe(`12:34:56 ${expected}`);
});
