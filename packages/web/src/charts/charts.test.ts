import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { streamOf } from '../simulation/stream-of.ts';
import { readingTime } from './chart-keys.ts';
import { nearestIndex } from './cursor.ts';
import { Feed } from './feed.ts';
import { FrameLoop } from './frame-loop.ts';
import { gapsIn } from './gaps.ts';
import { gridlines, niceCeiling } from './scale.ts';
import { stacked } from './stack.ts';

describe('FrameLoop', () => {
  function open() {
    const frames: (() => void)[] = [];
    const loop = new FrameLoop((callback) => frames.push(callback));
    let draws = 0;
    const drawable = { draw: () => draws++ };
    const frame = (): void => {
      for (const run of frames.splice(0)) run();
    };
    return { loop, drawable, frames, frame, draws: () => draws };
  }

  test('asks for one frame however often something changes', () => {
    const { loop, drawable, frames, frame, draws } = open();
    loop.show(drawable);
    for (let change = 0; change < 100; change++) loop.request();
    expect(frames).toHaveLength(1);
    frame();
    expect(draws()).toBe(1);
    expect(frames).toHaveLength(0);
  });

  test('draws nothing that is off screen, and once what stands in two places', () => {
    const { loop, drawable, frame, draws } = open();
    loop.show(drawable);
    loop.show(drawable);
    frame();
    expect(draws()).toBe(1);
    loop.hide(drawable);
    loop.request();
    frame();
    expect(draws()).toBe(2);
    loop.hide(drawable);
    loop.request();
    frame();
    expect(draws()).toBe(2);
  });
});

describe('Feed', () => {
  function open() {
    const stream = streamOf([{ __name__: 'm' }, 10_000, 1]);
    let nowMs = 10_400;
    let computed = 0;
    const feed = new Feed(stream, () => ++computed, {
      windowMs: () => 60_000,
      nowMs: () => nowMs,
      staleAfterMs: 3_500,
    });
    return { stream, feed, computed: () => computed, at: (ms: number) => (nowMs = ms) };
  }

  test('computes only when something changed', () => {
    const { feed, stream, computed } = open();
    feed.draw();
    feed.draw();
    expect(computed()).toBe(1);
    stream.sample(0, 11_000, 2);
    feed.draw();
    expect(computed()).toBe(2);
  });

  test('ends at the newest sample while data flow, and at the present once they stop', () => {
    const { feed, at } = open();
    const ends: number[] = [];
    feed.listen((_value, { toMs }) => ends.push(toMs));
    feed.draw();
    at(13_000);
    feed.draw();
    at(13_900);
    feed.draw();
    at(14_100);
    feed.draw();
    expect(ends).toEqual([10_000, 13_000, 14_000]);
  });

  test('tells a late listener at once', () => {
    const { feed } = open();
    feed.draw();
    const told: number[] = [];
    const stop = feed.listen((value) => told.push(value));
    feed.refresh();
    stop();
    feed.refresh();
    expect(told).toEqual([1, 1]);
  });
});

describe('gapsIn', () => {
  const range = { first: 0, last: 4, gapMs: 2_000 };

  test('a line breaks where nothing is known and where too much time passed', () => {
    const times = [0, 1_000, 2_000, 3_000, 9_000];
    expect(gapsIn(times, [1, 1, 1, 1, 1], range)).toEqual([[3, 4]]);
    expect(gapsIn([0, 1, 2, 3, 4], [1, NaN, 1, null, 1], range)).toEqual([
      [0, 2],
      [2, 4],
    ]);
  });

  test('what is unknown at the ends is no gap', () => {
    expect(gapsIn([0, 1, 2, 3, 4], [NaN, 1, 1, 1, NaN], range)).toEqual([]);
  });
});

test('a stack sums from the bottom up, the whole first, and unknown layers count as nothing', () => {
  const lines = [
    { id: 'a', values: Float64Array.of(1, NaN, NaN) },
    { id: 'b', values: Float64Array.of(2, 5, NaN) },
  ];
  expect(stacked(lines).map((one) => [...one])).toEqual([
    [3, 5, NaN],
    [1, NaN, NaN],
  ]);
});

describe('scale', () => {
  test('the ceiling is above every value and not far above', () => {
    fc.assert(
      fc.property(fc.double({ min: 10, max: 1e12, noNaN: true }), (value) => {
        const ceiling = niceCeiling(value, 'count');
        expect(ceiling).toBeGreaterThan(value);
        expect(ceiling).toBeLessThan(value * 1.45);
      }),
    );
  });

  test('bytes end at round numbers of their own unit', () => {
    expect(niceCeiling(3.3 * 1024 ** 2, 'bytes')).toBe(4 * 1024 ** 2);
    expect(niceCeiling(0, 'bytes_per_second')).toBe(8 * 1024);
    expect(niceCeiling(NaN, 'ratio')).toBe(0.04);
  });

  test('gridlines are even; a total of bytes gets round ones', () => {
    expect(gridlines({ min: 0, max: 1 }, 'ratio', 168)).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(gridlines({ min: -8, max: 8 }, 'bytes_per_second', 100)).toEqual([-8, 0, 8]);
    expect(gridlines({ min: 0, max: 31 }, 'bytes', 168)).toEqual([0, 8, 16, 24]);
  });
});

test('nearestIndex finds the nearest time within reach', () => {
  const times = Float64Array.of(0, 1_000, 2_000, 9_000);
  expect([600, 5_000, 8_000, -1, 99_000].map((ms) => nearestIndex(times, ms, 3_000))).toEqual([
    1, 2, 3, 0, -1,
  ]);
  expect(nearestIndex(new Float64Array(0), 5, 5)).toBe(-1);
});

describe('readingTime', () => {
  const times = Float64Array.from({ length: 30 }, (_, at) => at * 1_000);
  const press = (key: string, readMs?: number, shiftKey = false): number | undefined =>
    readingTime({ key, shiftKey }, times, readMs);

  test('starts at the newest sample and steps from there', () => {
    expect(press('ArrowLeft')).toBe(29_000);
    expect(press('ArrowLeft', 29_000)).toBe(28_000);
    expect(press('ArrowRight', 28_000)).toBe(29_000);
    expect(press('ArrowLeft', 29_000, true)).toBe(19_000);
  });

  test('stops at the ends, and jumps to them', () => {
    expect(press('ArrowRight', 29_000)).toBe(29_000);
    expect(press('ArrowLeft', 3_000, true)).toBe(0);
    expect(press('Home', 9_000)).toBe(0);
    expect(press('End', 9_000)).toBe(29_000);
  });

  test('leaves other keys alone, and has nothing to say of an empty chart', () => {
    expect(press('a', 9_000)).toBeUndefined();
    expect(readingTime({ key: 'Home', shiftKey: false }, new Float64Array(0), 0)).toBeUndefined();
  });
});
