/**
 * Values during evaluation. An expression is evaluated for all steps of its grid at once: a series is a
 * column with one slot per step, so that each operation is one loop over typed arrays.
 */
import type { LabelSet } from '@nowcast/model';

/** A series over the grid. `values[i]` counts only where `present[i]` is 1; NaN is a value like others. */
export interface Column {
  readonly labels: LabelSet;
  readonly values: Float64Array;
  readonly present: Uint8Array;
}

export interface VectorValue {
  readonly type: 'vector';
  readonly columns: readonly Column[];
}

export interface ScalarValue {
  readonly type: 'scalar';
  /** One value per step. */
  readonly values: Float64Array;
}

export interface StringValue {
  readonly type: 'string';
  readonly value: string;
}

/** What an expression other than a range vector evaluates to. */
export type Value = VectorValue | ScalarValue | StringValue;

export function vector(columns: readonly Column[]): VectorValue {
  return { type: 'vector', columns };
}

export function emptyColumn(labels: LabelSet, count: number): Column {
  return { labels, values: new Float64Array(count), present: new Uint8Array(count) };
}

/** The column under other labels; the slots are shared. */
export function relabel(column: Column, labels: LabelSet): Column {
  return labels === column.labels ? column : { ...column, labels };
}

export function isEmpty(column: Column): boolean {
  return !column.present.includes(1);
}

/** A column with a value at every step. */
export function fullColumn(labels: LabelSet, values: Float64Array): Column {
  return { labels, values, present: new Uint8Array(values.length).fill(1) };
}
