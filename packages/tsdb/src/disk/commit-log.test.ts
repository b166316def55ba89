import { LabelSet } from '@nowcast/model';
import { FakeClock } from '@nowcast/std/testing';
import { describe, expect, it } from 'vitest';
import type { StoreEvent } from '../store.ts';
import { WalDecoder } from '../wal/wal-decoder.ts';
import { WalEncoder } from '../wal/wal-encoder.ts';
import { CommitLog } from './commit-log.ts';

/** A log over a disk that can be told to refuse, and what the disk holds. */
function fixture(pendingBytesMax: number = 1_000_000) {
  const clock = new FakeClock();
  const encoder = new WalEncoder();
  const frames: { segment: number; payload: Uint8Array }[] = [];
  const events: StoreEvent[] = [];
  const disk = { full: false, gaps: 0, frames, events };
  const log = new CommitLog({
    clock,
    encoder,
    pendingBytesMax,
    onEvent: (event) => events.push(event),
    onGap: () => disk.gaps++,
    write: async (segment, payload) => {
      if (disk.full) throw new Error('ENOSPC');
      frames.push({ segment, payload });
      return { syncMs: 1, bytes: payload.length };
    },
  });
  const append = (row: number): void => {
    if (encoder.lacks(0)) {
      encoder.series(0, LabelSet.from({ __name__: 'up' }));
      encoder.shape(0, Uint32Array.of(0));
    }
    encoder.row(0, row, Float64Array.of(row));
    log.noteAppend();
  };
  return { clock, disk, log, append };
}

/** The rows on the disk, read segment by segment. */
function rowsOf(frames: readonly { segment: number; payload: Uint8Array }[]): number[] {
  const rows: number[] = [];
  const decoders = new Map<number, WalDecoder>();
  for (const { segment, payload } of frames) {
    const decoder =
      decoders.get(segment) ??
      new WalDecoder({
        series: () => undefined,
        metadata: () => undefined,
        row: (_, timeMs) => rows.push(timeMs),
      });
    decoders.set(segment, decoder);
    decoder.frame(payload);
  }
  return rows;
}

describe('the commit log', () => {
  it('commits on its own after a while, and at once when somebody waits', async () => {
    const { clock, disk, log, append } = fixture();
    append(1);
    expect(disk.frames).toHaveLength(0);
    await clock.advanceAsync(50);
    expect(rowsOf(disk.frames)).toEqual([1]);
    append(2);
    append(3);
    await Promise.all([log.flushed(), log.flushed()]);
    expect(rowsOf(disk.frames)).toEqual([1, 2, 3]);
    expect(disk.frames).toHaveLength(2);
  });

  it('rejects while the disk refuses and goes on by itself, losing nothing', async () => {
    const { clock, disk, log, append } = fixture();
    disk.full = true;
    append(1);
    await expect(log.flushed()).rejects.toMatchObject({ code: 'store-unavailable' });
    append(2);
    await expect(log.flushed()).rejects.toMatchObject({ code: 'store-unavailable' });
    disk.full = false;
    await clock.advanceAsync(1_000);
    expect(log.reason).toBeUndefined();
    await log.flushed();
    expect(rowsOf(disk.frames)).toEqual([1, 2]);
    expect(disk.events.map(({ level }) => level)).toEqual(['error', 'info']);
  });

  it('says durable only after a seal once frames were dropped, and never writes rows that build on them', async () => {
    const { clock, disk, log, append } = fixture(200);
    disk.full = true;
    append(1);
    await expect(log.flushed()).rejects.toThrow();
    for (let row = 2; row < 400; row++) {
      append(row);
      log.flushed().catch(() => undefined);
      if (row % 50 === 0) log.rotate();
    }
    disk.full = false;
    await clock.advanceAsync(1_000);
    expect(disk.gaps).toBeGreaterThan(0);
    expect(disk.frames).toHaveLength(0);
    const upTo = log.appended;
    log.rotate();
    append(1_000);
    await expect(log.flushed()).rejects.toThrow();
    log.sealed(upTo);
    await log.flushed();
    expect(rowsOf(disk.frames)).toEqual([1_000]);
    expect(log.reason).toBeUndefined();
  });

  it('leaves no timer behind', async () => {
    const { clock, log, append } = fixture();
    append(1);
    await log.close();
    expect(clock.pending).toBe(0);
  });
});
