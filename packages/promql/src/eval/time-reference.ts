/** Turns modifiers and duration expressions into times, once the query's grid is known. */
import type { DurationExpr } from '../ast/duration.ts';
import type { Subquery } from '../ast/subquery.ts';
import type { TimeModifiers } from '../ast/time-modifier.ts';
import { durationSeconds } from '../check/duration.ts';
import { queryFailed } from './context.ts';
import { endOf, type Grid } from './grid.ts';

/** What the resolution of times needs to know. */
export interface TimeFrame {
  readonly query: Grid;
  readonly grid: Grid;
  readonly defaultStepMs: number;
}

/** A duration in milliseconds; may be negative or zero. */
export function durationMs(duration: DurationExpr, query: Grid): number {
  const seconds = durationSeconds(duration, {
    // An instant query has no step of its own.
    stepSeconds: query.count > 1 ? query.stepMs / 1_000 : 0,
    rangeSeconds: (endOf(query) - query.startMs) / 1_000,
  });
  const ms = Math.round((seconds ?? Number.NaN) * 1_000);
  if (!Number.isFinite(ms))
    throw queryFailed('duration expression does not give a finite duration');
  return ms;
}

/** A range or step, which must be positive. */
export function positiveDurationMs(duration: DurationExpr, query: Grid): number {
  const ms = durationMs(duration, query);
  if (ms <= 0) throw queryFailed('duration must be greater than 0');
  return ms;
}

/** The times a selector or subquery looks at: one per step, or a single one where `@` pins it. */
export function referenceGrid({ at, offset }: TimeModifiers, frame: TimeFrame): Grid {
  const offsetMs = offset ? durationMs(offset, frame.query) : 0;
  if (!at) return offsetMs === 0 ? frame.grid : shifted(frame.grid, -offsetMs);
  const pinnedMs =
    at.kind === 'timestamp'
      ? at.timeMs
      : at.kind === 'start'
        ? frame.query.startMs
        : endOf(frame.query);
  return { startMs: pinnedMs - offsetMs, stepMs: frame.grid.stepMs, count: 1 };
}

/** The grid a subquery's inner expression is evaluated on: whole multiples of its step. */
export function subqueryGrid(subquery: Subquery, frame: TimeFrame): Grid {
  const reference = referenceGrid(subquery, frame);
  const rangeMs = positiveDurationMs(subquery.range, frame.query);
  const stepMs = subquery.step
    ? positiveDurationMs(subquery.step, frame.query)
    : frame.defaultStepMs;
  // The left end is open, so the first multiple strictly after it.
  const startMs = (Math.floor((reference.startMs - rangeMs) / stepMs) + 1) * stepMs;
  const count = Math.max(0, Math.floor((endOf(reference) - startMs) / stepMs) + 1);
  return { startMs, stepMs, count };
}

function shifted(grid: Grid, byMs: number): Grid {
  return { ...grid, startMs: grid.startMs + byMs };
}
