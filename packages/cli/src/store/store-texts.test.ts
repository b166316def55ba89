import { expect, it } from 'vitest';
import { styleFor } from '../text-style.ts';
import { formatAmount, formatLeft, formatPeriod } from './amount-text.ts';
import { formatRepair, formatVerify } from './damage-text.ts';
import { formatInfo } from './info-table.ts';
import { formatProgress, ProgressLine } from './progress-line.ts';

const plain = styleFor({}, {});

it('says large numbers and spans shortly', () => {
  expect([7, 1_234, 12_345_678].map(formatAmount)).toEqual(['7', '1.23 k', '12.3 M']);
  expect([0, 4_200, 75_000, 12_000_000].map(formatLeft)).toEqual([
    '0:00',
    '0:05',
    '1:15',
    '3 h 20 min',
  ]);
  expect([0, 59_000, 7_320_000, 86_400_000, 90_000_000].map(formatPeriod)).toEqual([
    '0 s',
    '59 s',
    '2 h 2 min',
    '1 d',
    '1 d 1 h',
  ]);
});

it('shows a store as a table', () => {
  const noon = new Date(2026, 0, 2, 12).getTime();
  const times = { oldestMs: noon - 7_200_000, newestMs: noon };
  const text = formatInfo(
    {
      directory: '/srv/samples',
      series: 300,
      samples: 2_160_000,
      ...times,
      blocks: { count: 1, bytes: 460_800, samples: 1_920_000, ...times },
      rollups: { count: 0, bytes: 0 },
      wal: { segments: 2, bytes: 102_400, samples: 240_000, headBytes: 2_097_152 },
      bytesPerSample: 0.24,
      lostBlocks: 0,
      labels: [{ name: 'device\u001B[2J', values: 12, series: 84 }],
      metrics: [{ name: 'node_cpu_seconds_total', series: 64 }],
    },
    plain,
  );
  expect(text).toBe(`
  ● Store  /srv/samples

  Series   300
  Samples  2.16 M
  On disk  550.00 KiB · 0.24 bytes a sample in blocks
  Time     2026-01-02 10:00:00 to 2026-01-02 12:00:00 · 2 h
  Blocks   1 block · 450.00 KiB · 1.92 M samples
  WAL      2 segments · 100.00 KiB · 240 k samples · 2.00 MiB in memory

  Label       values  series
  device\uFFFD[2J      12      84

  Metric                  series
  node_cpu_seconds_total      64

`);
});

it('says what is damaged and what to do', () => {
  const damage = [{ file: 'b-0000000001.blk', reason: 'its end is missing', held: '9 samples' }];
  const report = { directory: '/srv', files: 3, bytes: 2_048, checks: 12 };
  expect(formatVerify({ ...report, damage: [] }, plain)).toBe(
    '✓ All sound: 3 files, 2.00 KiB, 12 checksums\n',
  );
  expect(formatVerify({ ...report, damage }, plain))
    .toBe(`✗ 1 damaged part found in 3 files, 2.00 KiB, 12 checksums

  b-0000000001.blk  its end is missing
    held 9 samples

nowcast store repair saves what can be read; stop the hub first.
`);
  const repaired = { directory: '/srv', damage, keptIn: '/srv.damaged-1', samples: 5 };
  expect(formatRepair(repaired, plain)).toContain('unchanged, in /srv.damaged-1\n');
});

it('shows progress with rate and time left, on a terminal alone and not with every step', () => {
  const state = { share: 0.25, amount: 50_000, unit: 'samples' };
  expect(formatProgress(state, 1_000, plain)).toBe(
    `${'━'.repeat(24)}  25 %  50.0 k samples, 50.0 k/s, 0:03 left`,
  );
  expect(formatProgress({ ...state, share: undefined }, 1_000, plain)).toBe(
    '50.0 k samples, 50.0 k/s',
  );
  const written: string[] = [];
  let now = 0;
  const stream = { isTTY: true, write: (text: string) => written.push(text) };
  {
    using line = new ProgressLine({ stream, style: plain, nowMs: () => now });
    for (; now < 250; now += 10) line.show(state);
    expect(written).toHaveLength(3);
  }
  expect(written).toHaveLength(4);
  using silent = new ProgressLine({
    stream: { ...stream, isTTY: false },
    style: plain,
    nowMs: () => now,
  });
  silent.show(state);
  silent.clear();
  expect(written).toHaveLength(4);
});
