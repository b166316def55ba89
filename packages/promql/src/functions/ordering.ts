import { vector } from '../eval/column.ts';
import { columnsArg, type VectorFunction } from './vector-function.ts';

/**
 * sort() and sort_desc(): meaningful for instant queries only, since a matrix is ordered by labels. NaN
 * comes last either way.
 */
export function sortByValue(direction: 1 | -1): VectorFunction {
  return (input) => {
    const { context, call } = input;
    if (context.query.count > 1)
      context.annotations.warn(
        'sort is ineffective for range queries since results are always ordered by labels',
        call.span,
      );
    const sorted = [...columnsArg(input, 0)].sort((a, b) => {
      const [left, right] = [a.values[0] as number, b.values[0] as number];
      if (Number.isNaN(left) || Number.isNaN(right))
        return (Number.isNaN(left) ? 1 : 0) - (Number.isNaN(right) ? 1 : 0);
      return left === right ? 0 : direction * (left < right ? -1 : 1);
    });
    return vector(sorted);
  };
}
