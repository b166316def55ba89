import { createMatcher, isStaleMarker, LabelSet, STALE_NAN } from '@nowcast/model';
import { FakeClock } from '@nowcast/std/testing';
import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bitsOf, fromBits } from '../../test/bits.ts';
import { openDiskStore } from '../disk/open-disk-store.ts';
import type { Store } from '../store.ts';
import { emptyCount, exportStore, type ExportFormat } from './store-export.ts';
import { importStore } from './store-import.ts';
import { openSnapshot } from './store-snapshot.ts';
import type { SeriesFilter } from './stored-series.ts';

const NOW_MS = Date.UTC(2026, 0, 20, 0, 30);
const NOW_S = NOW_MS / 1_000;
const SPAN_MS = 3 * 86_400_000;
const ALL = [createMatcher('__name__', '=~', '.*')];

class Folder implements Disposable {
  readonly path: string = mkdtempSync(join(tmpdir(), 'nowcast-'));

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

function open(folder: Folder): Promise<Store> {
  const clock = new FakeClock(NOW_MS);
  return openDiskStore({ directory: join(folder.path, 'samples'), clock, sealSamples: 300 });
}

async function exported(
  folder: Folder,
  format: ExportFormat,
  filter?: SeriesFilter,
): Promise<string> {
  using snapshot = await openSnapshot(join(folder.path, 'samples'));
  return [...exportStore(snapshot, { format, filter })].join('');
}

async function* pieces(text: string, size: number): AsyncIterable<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

async function everything(store: Store): Promise<readonly unknown[]> {
  const { series, warnings } = await store.select({
    matchers: ALL,
    startMs: -Infinity,
    endMs: Infinity,
  });
  expect(warnings).toEqual([]);
  return series.map(({ labels, timesMs, values }) => ({
    labels: labels.toRecord(),
    times: [...timesMs],
    bits: bitsOf(values),
  }));
}

const anyFloat = fc.oneof(
  fc.double(),
  fc.integer({ min: -1_000, max: 1_000 }).map((tenths) => tenths / 10),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((bits) => fromBits(bits)[0] as number),
  fc.constantFrom(STALE_NAN, -0, NaN, Infinity, -Infinity, 5e-324, 2 ** 53),
);
const labelText = fc.string({ unit: 'binary', minLength: 1, maxLength: 6 });
const anySeries = fc.record({
  labels: fc.dictionary(fc.oneof(fc.constantFrom('job', 'Zone', 'a.b'), labelText), labelText, {
    maxKeys: 3,
  }),
  metric: fc.oneof(fc.constantFrom('up', 'x_total', 'naïve metric'), labelText),
  samples: fc.array(fc.tuple(fc.integer({ min: 0, max: SPAN_MS }), anyFloat), {
    minLength: 1,
    maxLength: 40,
  }),
});

async function fill(
  store: Store,
  all: readonly (typeof anySeries extends fc.Arbitrary<infer T> ? T : never)[],
): Promise<void> {
  for (const [at, { labels, metric, samples }] of all.entries()) {
    const ref = store.series(LabelSet.from({ ...labels, __name__: metric }), { type: 'gauge' });
    for (const [ageMs, value] of samples)
      store.append(NOW_MS - ageMs, [ref], Float64Array.of(value));
    if (at % 3 === 0) await store.maintain();
  }
  await store.flushed();
}

it('what is exported as JSON lines and imported answers every query as before, bit for bit', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anySeries, { maxLength: 12 }),
      fc.integer({ min: 1, max: 999 }),
      async (all, size) => {
        using folder = new Folder();
        using other = new Folder();
        await using source = await open(folder);
        await fill(source, all);
        const before = await everything(source);
        await using target = await open(other);
        const count = await importStore(target, pieces(await exported(folder, 'jsonl'), size));
        expect(count).toMatchObject({ badLines: 0, overwritten: 0, duplicate: 0, tooOld: 0 });
        expect(await everything(target)).toEqual(before);
      },
    ),
    { numRuns: 12 },
  );
});

it('OpenMetrics brings back everything but markers and the payloads of NaNs', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anySeries, { maxLength: 12 }), async (all) => {
      using folder = new Folder();
      using other = new Folder();
      const plain = all.map((one) => ({
        ...one,
        samples: one.samples.map(
          ([ageMs, value]) => [ageMs, Number.isNaN(value) ? NaN : value] as [number, number],
        ),
      }));
      await using source = await open(folder);
      await fill(source, plain);
      const before = await everything(source);
      await using target = await open(other);
      const text = await exported(folder, 'openmetrics');
      expect(text.endsWith('# EOF\n')).toBe(true);
      const count = await importStore(target, pieces(text, 500));
      expect(count.badLines).toBe(0);
      expect(await everything(target)).toEqual(before);
    }),
    { numRuns: 12 },
  );
});

async function withSmallStore(use: (folder: Folder, store: Store) => Promise<void>): Promise<void> {
  using folder = new Folder();
  await using store = await open(folder);
  const counter = { type: 'counter', help: 'Requests\nserved.' } as const;
  const refs = [
    store.series(LabelSet.from({ __name__: 'requests_total', code: '200' }), counter),
    store.series(LabelSet.from({ __name__: 'up' })),
  ];
  store.append(NOW_MS - 1_500, refs, Float64Array.of(1, STALE_NAN));
  store.append(NOW_MS, refs, Float64Array.of(2.5, -0));
  await store.flushed();
  await use(folder, store);
}

it('writes what others read', async () => {
  await withSmallStore(async (folder) => {
    const at = NOW_MS / 1_000;
    expect(await exported(folder, 'openmetrics')).toBe(
      `# TYPE requests counter
# HELP requests Requests\\nserved.
requests_total{code="200"} 1 ${at - 1.5}
requests_total{code="200"} 2.5 ${at}
up -0 ${at}
# EOF
`,
    );
    const lines = (await exported(folder, 'jsonl')).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      {
        metric: { __name__: 'requests_total', code: '200' },
        values: [1, 2.5],
        timestamps: [NOW_MS - 1_500, NOW_MS],
      },
      {
        metric: { __name__: 'up' },
        values: [null, -0],
        timestamps: [NOW_MS - 1_500, NOW_MS],
        nans: { '0': '7ff0000000000002' },
      },
    ]);
  });
});

it('filters by selector and time, and counts what has no form', async () => {
  await withSmallStore(async (folder) => {
    const filter = { matcherSets: [[createMatcher('__name__', '=', 'up')]], startMs: NOW_MS };
    expect(await exported(folder, 'openmetrics', filter)).toBe(`up -0 ${NOW_MS / 1_000}\n# EOF\n`);
    using snapshot = await openSnapshot(join(folder.path, 'samples'));
    const count = emptyCount();
    expect([...exportStore(snapshot, { format: 'openmetrics' }, count)]).toHaveLength(1);
    expect(count).toMatchObject({ samples: 3, series: 2, skipped: 1, done: 2, total: 2 });
  });
});

it.each([
  [
    'OpenMetrics',
    [
      `up{job="a"} 1 ${NOW_S}`,
      'up{job="a"} 1',
      `up{job="a} 1 ${NOW_S}`,
      `up{job="a"} one ${NOW_S}`,
      '\u0000\u0001 garbage',
      '',
      `{"up", "a.b"="c"} 3 ${NOW_S} # {trace="1"} 1`,
    ],
    [
      '2: the timestamp is missing',
      '3: the value of label job is not quoted',
      '4: "one" is not a value',
      '5: a sample begins with a name or with {',
    ],
    2,
  ],
  [
    'JSON lines',
    [
      '{"metric":{"__name__":"up","job":"b"},"values":[1,2],"timestamps":[1]}',
      '{"metric":{"__name__":"up","job":"b"},"values":["NaN"],"timestamps":[1e999]}',
      `{"metric":{"__name__":"up","job":"b"},"values":[null,"Infinity"],"timestamps":[${NOW_MS - 1},${NOW_MS}]}`,
      '{"metric":{},"values":[1],"timestamps":[1]}',
      'garbage',
      `{"metric":{"__name__":"up","job":"a"},"values":[null],"timestamps":[${NOW_MS}],"nans":{"1":"0"}}`,
      `{"metric":{"__name__":"up","job":"a"},"values":[1],"timestamps":[${NOW_MS}]}`,
    ],
    [
      '1: 2 values do not go with 1 timestamps',
      '2: null is not a timestamp',
      '4: a series needs at least one label',
      '5: it is not JSON',
      '6: "nans" names "1", where no NaN stands',
    ],
    3,
  ],
])(
  '%s: lines that cannot be read are named, the good ones taken',
  async (_name, lines, reasons, accepted) => {
    using folder = new Folder();
    await using store = await open(folder);
    const bad: string[] = [];
    const count = await importStore(store, pieces(lines.join('\r\n'), 7), {
      onBadLine: (line, reason) => bad.push(`${line}: ${reason}`),
    });
    expect(bad).toEqual(reasons);
    expect(count).toMatchObject({ lines: 7, badLines: reasons.length, accepted });
    expect(await everything(store)).toHaveLength(2);
  },
);

it('the same lines twice add nothing', async () => {
  await withSmallStore(async (folder, store) => {
    const text = await exported(folder, 'jsonl');
    expect(await importStore(store, pieces(text, 64))).toMatchObject({ accepted: 0, duplicate: 4 });
    const [up] = (await store.select({ matchers: ALL, startMs: 0, endMs: NOW_MS })).series.slice(
      -1,
    );
    expect(isStaleMarker(up?.values[0] as number)).toBe(true);
  });
});
