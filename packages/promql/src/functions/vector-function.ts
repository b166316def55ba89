import { must } from '@nowcast/std';
import type { Call } from '../ast/call.ts';
import type { Column, Value } from '../eval/column.ts';
import type { EvalContext } from '../eval/context.ts';

/** A call whose arguments are evaluated. */
export interface CallInput {
  readonly context: EvalContext;
  readonly call: Call;
  readonly args: readonly Value[];
}

/** A function over instant vectors and scalars, for all steps at once. */
export type VectorFunction = (input: CallInput) => Value;

export function columnsArg({ args }: CallInput, at: number): readonly Column[] {
  const value = must(args[at], 'an argument');
  return value.type === 'vector' ? value.columns : [];
}

/** The argument's value per step; undefined when it was left out. */
export function scalarArg({ args }: CallInput, at: number): Float64Array | undefined {
  const value = args[at];
  return value?.type === 'scalar' ? value.values : undefined;
}

export function stringArg({ args }: CallInput, at: number): string {
  const value = args[at];
  return value?.type === 'string' ? value.value : '';
}
