import { LabelSet, METRIC_NAME } from '@nowcast/model';
import { type Expr, unwrap } from '../ast/expr.ts';
import { type Column, isEmpty, vector, type VectorValue } from '../eval/column.ts';

/** One series with 1 where none of the columns has a point. */
export function absentFrom(argument: Expr, columns: readonly Column[], count: number): VectorValue {
  const present = new Uint8Array(count).fill(1);
  for (const column of columns)
    for (let step = 0; step < count; step++) if (column.present[step] === 1) present[step] = 0;
  const values = new Float64Array(count).fill(1);
  const absent = { labels: expectedLabels(argument), values, present };
  return vector(isEmpty(absent) ? [] : [absent]);
}

/** The labels the missing series would have had, as far as the selector pins them to one value. */
function expectedLabels(argument: Expr): LabelSet {
  const expr = unwrap(argument);
  const selector = expr.kind === 'matrix-selector' ? expr.selector : expr;
  if (selector.kind !== 'vector-selector') return LabelSet.EMPTY;
  const seen = new Set<string>();
  const labels = new Map<string, string>();
  for (const { name, op, value } of selector.matchers) {
    if (name === METRIC_NAME) continue;
    if (op === '=' && !seen.has(name)) labels.set(name, value);
    else labels.delete(name);
    if (op === '=') seen.add(name);
  }
  return LabelSet.fromEntries(labels);
}
