/** The timestamps an expression is evaluated at: `count` steps of `stepMs` from `startMs` on. */
export interface Grid {
  readonly startMs: number;
  readonly stepMs: number;
  readonly count: number;
}

export function timeAt(grid: Grid, step: number): number {
  return grid.startMs + step * grid.stepMs;
}

export function endOf(grid: Grid): number {
  return timeAt(grid, grid.count - 1);
}
