import type { ConnectionStatus, LiveSeries, SubscriptionEvent } from '@nowcast/client';
import { LabelSet, type MetricType } from '@nowcast/model';
import { expect, it } from 'vitest';
import { styleFor } from '../text-style.ts';
import { widthOf } from '../text-width.ts';
import { ValueTable, type TableView } from './value-table.ts';

interface FakeSeries extends LiveSeries {
  lastMs: number;
  lastValue: number;
}

const NOW_MS = 100_000;

function series(labels: Record<string, string>, type: MetricType, unit?: string): FakeSeries {
  return { labels: LabelSet.from(labels), type, unit, lastMs: NaN, lastValue: NaN };
}

function samples(one: FakeSeries, values: readonly number[]): SubscriptionEvent {
  const forEach = (
    visit: (series: LiveSeries, timeMs: number, value: number, changed: boolean) => void,
  ) => {
    for (const [at, value] of values.entries()) {
      one.lastMs = NOW_MS - (values.length - at) * 1_000;
      one.lastValue = value;
      visit(one, one.lastMs, value, true);
    }
  };
  return { type: 'samples', batch: { history: false, forEach, forEachChanged: forEach } };
}

const ONLINE: ConnectionStatus = {
  state: 'online',
  url: 'ws://hub/monitor',
  transport: 'websocket',
  failedAttempts: 0,
  rttMs: 1.6,
};

const VIEW: TableView = {
  query: 'x',
  status: ONLINE,
  nowMs: NOW_MS,
  columns: 100,
  linesMax: 20,
};

function render(table: ValueTable, view: Partial<TableView> = {}): string[] {
  return table.render({ ...VIEW, ...view }).map((line) => line.trimEnd());
}

it('shows values, rates of counters, shapes and ages, aligned, under what all have in common', () => {
  const table = new ValueTable(styleFor({}, {}));
  const read = series({ __name__: 'read_bytes_total', job: 'j' }, 'counter', 'bytes');
  const load = series({ __name__: 'load', job: 'j' }, 'gauge');
  table.apply({ type: 'joined', series: [read, load] });
  table.apply(samples(read, [0, 1_024, 3_072]));
  table.apply(samples(load, [0.5, 0.25, 1]));
  expect(render(table, { columns: 80 })).toEqual([
    '● live 2 ms  2 series  {job="j"}',
    '',
    'load                     1                    ▃▁█   1.0s',
    'read_bytes_total  3.00 KiB  +2.00 KiB/s        ▁█   1.0s',
  ]);
});

it('forgets what left, and cuts what does not fit', () => {
  const table = new ValueTable(styleFor({}, {}));
  const many = Array.from({ length: 9 }, (_, at) =>
    series({ __name__: 'm', name: `a rather long name ${at}` }, 'gauge'),
  );
  table.apply({ type: 'joined', series: many });
  table.apply({ type: 'left', series: many.slice(0, 1) });
  const lines = render(table, { columns: 50, linesMax: 6 });
  expect(lines).toHaveLength(6);
  expect(lines[5]).toBe('… and 5 more; a narrower selector shows them');
  expect(Math.max(...lines.slice(2, 5).map(widthOf))).toBeLessThanOrEqual(50);
});

it.each([
  [{ ...ONLINE, state: 'connecting' }, '○ connecting  0 series  x'],
  [
    {
      ...ONLINE,
      state: 'waiting',
      retryAtMs: NOW_MS + 2_500,
      lastClose: { code: 1006, reason: 'refused', atMs: 0 },
    },
    '○ not connected (refused), again in 3 s  0 series  x',
  ],
  [{ ...ONLINE, state: 'closed' }, '○ closed  0 series  x'],
] as const)('says how the connection is: %j', (status, head) => {
  expect(render(new ValueTable(styleFor({}, {})), { status })[0]).toBe(head);
});
