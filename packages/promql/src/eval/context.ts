import { CodedError, type SeriesData } from '@nowcast/model';
import type { VectorSelector } from '../ast/vector-selector.ts';
import type { Annotations } from './annotations.ts';
import type { Grid } from './grid.ts';

/** The samples of each selector, fetched before the evaluation so that it never waits. */
export type SelectedData = ReadonlyMap<VectorSelector, readonly SeriesData[]>;

export interface Environment {
  /** The query's own grid, which `@ start()`, `@ end()`, step() and range() mean, also in subqueries. */
  readonly query: Grid;
  /** How old a sample may be and still count for an instant. */
  readonly lookbackMs: number;
  /** The step of subqueries that name none. */
  readonly defaultStepMs: number;
  readonly text: string;
  readonly data: SelectedData;
  readonly annotations: Annotations;
  /** Throws when the query was cancelled or ran out of time; called about once per series. */
  readonly check: () => void;
}

/** Where an expression is being evaluated: the environment of the whole query and the grid at this place. */
export interface EvalContext extends Environment {
  readonly grid: Grid;
}

/** A failure of a well-formed query on the data it met. */
export function queryFailed(message: string): CodedError<'query-failed'> {
  return new CodedError('query-failed', message);
}
