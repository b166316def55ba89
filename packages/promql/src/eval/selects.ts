/** Which samples an expression needs: worked out before the evaluation, so that all are fetched at once. */
import type { TimeRange } from '@nowcast/model';
import type { Call } from '../ast/call.ts';
import type { Expr } from '../ast/expr.ts';
import { infoSelector } from '../ast/info-selector.ts';
import type { MatrixSelector } from '../ast/matrix-selector.ts';
import type { VectorSelector } from '../ast/vector-selector.ts';
import { childExprs } from '../ast/walk.ts';
import { endOf } from './grid.ts';
import { infoGrid } from './info-grid.ts';
import {
  positiveDurationMs,
  referenceGrid,
  subqueryGrid,
  type TimeFrame,
} from './time-reference.ts';

export interface PlannedSelect extends TimeRange {
  readonly selector: VectorSelector;
}

export interface SelectFrame extends TimeFrame {
  readonly lookbackMs: number;
}

/** The reads of an expression, each selector once. */
export function planSelects(expr: Expr, frame: SelectFrame): readonly PlannedSelect[] {
  switch (expr.kind) {
    case 'vector-selector':
      return [planVector(expr, frame)];
    case 'matrix-selector':
      return [planMatrix(expr, frame)];
    case 'subquery': {
      const grid = subqueryGrid(expr, frame);
      return grid.count === 0 ? [] : planSelects(expr.expr, { ...frame, grid });
    }
    case 'call':
      return planCall(expr, frame);
    default:
      return childExprs(expr).flatMap((child) => planSelects(child, frame));
  }
}

function planCall(call: Call, frame: SelectFrame): readonly PlannedSelect[] {
  const [first] = call.args;
  if (call.name !== 'info' || !first) return call.args.flatMap((arg) => planSelects(arg, frame));
  const infoFrame = { ...frame, grid: infoGrid(first, frame) };
  return [...planSelects(first, frame), planVector(infoSelector(call), infoFrame)];
}

function planVector(selector: VectorSelector, frame: SelectFrame): PlannedSelect {
  const reference = referenceGrid(selector, frame);
  const lookAheadMs = selector.extension === 'smoothed' ? frame.lookbackMs : 0;
  return {
    selector,
    startMs: reference.startMs - frame.lookbackMs + 1,
    endMs: endOf(reference) + lookAheadMs,
  };
}

function planMatrix({ selector, range }: MatrixSelector, frame: SelectFrame): PlannedSelect {
  const reference = referenceGrid(selector, frame);
  const rangeMs = positiveDurationMs(range, frame.query);
  const marginMs = selector.extension ? frame.lookbackMs : 0;
  return {
    selector,
    startMs: reference.startMs - rangeMs + 1 - marginMs,
    endMs: endOf(reference) + (selector.extension === 'smoothed' ? marginMs : 0),
  };
}
