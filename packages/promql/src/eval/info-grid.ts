import type { Expr } from '../ast/expr.ts';
import { childExprs } from '../ast/walk.ts';
import type { Grid } from './grid.ts';
import { referenceGrid, type TimeFrame } from './time-reference.ts';

/** The times info series are read at: those of the first selector in the argument. */
export function infoGrid(expr: Expr, frame: TimeFrame): Grid {
  if (expr.kind === 'vector-selector') return referenceGrid(expr, frame);
  if (expr.kind === 'matrix-selector') return referenceGrid(expr.selector, frame);
  if (expr.kind === 'subquery')
    return infoGrid(expr.expr, { ...frame, grid: referenceGrid(expr, frame) });
  const first = childExprs(expr).find(({ kind }) => kind !== 'number' && kind !== 'string');
  return first ? infoGrid(first, frame) : frame.grid;
}
