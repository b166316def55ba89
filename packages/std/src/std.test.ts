import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Backoff } from './backoff.ts';
import { deferred } from './deferred.ts';
import { FakeClock } from './fake-clock.ts';
import { RingBuffer } from './ring-buffer.ts';

describe('FakeClock', () => {
  it('runs timers in order of their due time, at their due time', () => {
    const clock = new FakeClock(1_000);
    const seen: [string, number][] = [];
    clock.after(20, () => seen.push(['b', clock.nowMs()]));
    clock.after(10, () => seen.push(['a', clock.nowMs()]));
    const tick = clock.every(15, () => seen.push(['tick', clock.nowMs()]));
    clock.advance(35);
    tick.cancel();
    clock.advance(100);
    expect(seen).toEqual([
      ['a', 1_010],
      ['tick', 1_015],
      ['b', 1_020],
      ['tick', 1_030],
    ]);
    expect(clock.pending).toBe(0);
  });

  it('keeps timers and the monotonic clock apart from jumps of the wall clock', () => {
    const clock = new FakeClock(1_000);
    let ran = 0;
    clock.after(10, () => ran++);
    clock.setWall(50);
    clock.advance(10);
    expect([ran, clock.nowMs(), clock.monotonicMs()]).toEqual([1, 60, 10]);
  });
});

describe('Backoff', () => {
  it('stays below a ceiling that doubles up to the maximum', () => {
    const backoff = new Backoff({ baseMs: 100, maxMs: 1_000, random: () => 0.999 });
    expect([1, 2, 3, 4, 5, 6].map(() => backoff.nextMs())).toEqual([99, 199, 399, 799, 999, 999]);
    backoff.reset();
    expect(backoff.nextMs()).toBe(99);
  });
});

describe('RingBuffer', () => {
  it('behaves as an array that forgets its oldest items', () => {
    const command = fc.oneof(fc.integer(), fc.constant('shift' as const));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.array(command), (capacity, commands) => {
        const ring = new RingBuffer<number>(capacity);
        const model: number[] = [];
        for (const one of commands) {
          if (one === 'shift') expect(ring.shift()).toBe(model.shift());
          else {
            model.push(one);
            expect(ring.push(one)).toBe(model.length > capacity ? model.shift() : undefined);
          }
          expect([...ring]).toEqual(model);
          expect(ring.at(-1)).toBe(model.at(-1));
        }
      }),
    );
  });
});

it('deferred resolves and rejects from outside', async () => {
  const good = deferred<number>();
  good.resolve(1);
  await expect(good.promise).resolves.toBe(1);
  const bad = deferred();
  bad.reject(new Error('no'));
  await expect(bad.promise).rejects.toThrow('no');
});
