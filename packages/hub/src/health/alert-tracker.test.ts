import type { Alert } from '@nowcast/protocol';
import { expect, test } from 'vitest';
import { AlertTracker, type Verdict } from './alert-tracker.ts';

const START_MS = Date.UTC(2026, 0, 1);

function tracked(
  forMs: number,
  clearForMs: number,
): {
  readonly tracker: AlertTracker;
  /** Feeds one reading a second and returns what was told, as `second state`. */
  readonly play: (verdicts: readonly Verdict[], value?: number) => string[];
} {
  const told: string[] = [];
  let second = 0;
  const tracker = new AlertTracker(
    { condition: 'disk-full', labels: { instance: 'i' }, unit: 'ratio', forMs, clearForMs },
    ({ state, severity, sinceMs }: Alert) =>
      told.push(`${second} ${state} ${severity} since ${(sinceMs - START_MS) / 1_000}`),
  );
  return {
    tracker,
    play: (verdicts, value = 1) => {
      for (const verdict of verdicts) {
        tracker.update({ timeMs: START_MS + second * 1_000, value, verdict });
        second++;
      }
      return told.splice(0);
    },
  };
}

test('fires after it has held, is resolved after it has cleared', () => {
  const { play } = tracked(2_000, 2_000);
  expect(play(['clear', 'warning', 'warning', 'warning', 'warning'])).toEqual([
    '1 pending warning since 1',
    '3 firing warning since 3',
  ]);
  expect(play(['clear', 'clear', 'clear', 'clear'])).toEqual(['7 resolved warning since 7']);
});

test('a short spell is pending and gone', () => {
  const { play } = tracked(5_000, 5_000);
  expect(play(['warning', 'clear'])).toEqual([
    '0 pending warning since 0',
    '1 resolved warning since 1',
  ]);
});

test('wavering between the thresholds keeps it as it is', () => {
  const { play } = tracked(0, 2_000);
  expect(play(['warning'])).toEqual(['0 firing warning since 0']);
  expect(play(['clear', 'between', 'clear', 'between', 'warning', 'clear'])).toEqual([]);
});

test('getting worse is told at once, with the same beginning', () => {
  const { play } = tracked(0, 0);
  expect(play(['warning', 'critical'])).toEqual([
    '0 firing warning since 0',
    '1 firing critical since 0',
  ]);
});

test('a value that changes is told while it is active', () => {
  const { play } = tracked(0, 0);
  play(['warning'], 1);
  expect(play(['warning', 'warning'], 2)).toEqual(['1 firing warning since 0']);
});

test('what is gone is resolved', () => {
  const { play, tracker } = tracked(0, 60_000);
  play(['critical']);
  tracker.end(START_MS + 1_000);
  expect(play([])).toEqual(['1 resolved critical since 1']);
  tracker.end(START_MS + 2_000);
  expect(play([])).toEqual([]);
});
