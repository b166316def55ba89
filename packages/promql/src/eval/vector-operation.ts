/**
 * Arithmetic and comparison between two vectors. Matching is decided per step, as series come and go, but
 * worked out per match group: within a group every pair of columns is one loop over the steps.
 */
import type { LabelSet } from '@nowcast/model';
import { type Binary, isComparison } from '../ast/binary.ts';
import { type Column, emptyColumn, isEmpty, vector, type VectorValue } from './column.ts';
import { type EvalContext, queryFailed } from './context.ts';
import { groupBySignature, matchLabels, unionPresence } from './match-signature.ts';
import { mergeColumns } from './merge.ts';
import { METRIC_LABELS } from './metric-labels.ts';
import { comparison } from './operators.ts';
import { numeric } from './scalar-operation.ts';

/** The sides as matching sees them: each of the many finds at most one. */
interface Sides {
  readonly many: readonly Column[];
  readonly one: readonly Column[];
  /** The "many" side is the right operand. */
  readonly swapped: boolean;
  readonly fillMany: number | undefined;
  readonly fillOne: number | undefined;
}

export function vectorVector(
  context: EvalContext,
  expr: Binary,
  [left, right]: readonly [readonly Column[], readonly Column[]],
): VectorValue {
  const { matching } = expr;
  const swapped = matching.cardinality === 'one-to-many';
  const { fillLeft, fillRight } = matching;
  const [manySide, oneSide] = swapped ? [right, left] : [left, right];
  // As in Prometheus, group_right swaps the sides before the fill values are handed out.
  const sides: Sides = {
    many: manySide,
    one: oneSide,
    swapped,
    fillMany: fillLeft,
    fillOne: fillRight,
  };
  const many = groupBySignature(sides.many, matching);
  const one = groupBySignature(sides.one, matching);
  const out: Column[] = [];
  for (const group of one.values())
    if (group.length > 1) refuseDuplicates(context, expr, { sides, group });
  for (const [key, group] of many) {
    context.check();
    out.push(...joinGroup(expr, sides, { many: group, one: one.get(key) ?? [] }));
  }
  if (sides.fillMany !== undefined)
    for (const [key, group] of one)
      out.push(...fillManySide(expr, sides, { many: many.get(key) ?? [], one: group }));
  return vector(mergeColumns(out));
}

interface Group {
  readonly many: readonly Column[];
  readonly one: readonly Column[];
}

function joinGroup(expr: Binary, sides: Sides, { many, one }: Group): readonly Column[] {
  const out: Column[] = [];
  for (const column of many) {
    for (const partner of one) {
      const labels = resultLabels(expr, column.labels, partner.labels);
      pushNonEmpty(out, combine(expr, sides, { labels, column, partner }));
    }
    if (sides.fillOne !== undefined) {
      const missing = without(column, unionPresence(one, column.present.length));
      const partner = constantColumn(
        matchLabels(column.labels, expr.matching),
        missing,
        sides.fillOne,
      );
      const labels = resultLabels(expr, column.labels, partner.labels);
      pushNonEmpty(out, combine(expr, sides, { labels, column, partner }));
    }
  }
  if (many.length > 1 && expr.matching.cardinality === 'one-to-one')
    refuseSharedSteps(many, unionPresence(one, many[0]?.present.length ?? 0), MANY_TO_ONE);
  if (many.length > 1) refuseSameResults(out);
  return out;
}

function fillManySide(expr: Binary, sides: Sides, { many, one }: Group): readonly Column[] {
  const out: Column[] = [];
  for (const partner of one) {
    const missing = without(partner, unionPresence(many, partner.present.length));
    const filled = matchLabels(partner.labels, expr.matching);
    const column = constantColumn(filled, missing, sides.fillMany as number);
    const labels = resultLabels(expr, filled, partner.labels);
    pushNonEmpty(out, combine(expr, sides, { labels, column, partner }));
  }
  return out;
}

interface Pair {
  readonly labels: LabelSet;
  readonly column: Column;
  readonly partner: Column;
}

/** The operation at the steps where both have a point, the operands back in the order of writing. */
function combine(expr: Binary, { swapped }: Sides, { labels, column, partner }: Pair): Column {
  const { op, returnBool } = expr;
  const [left, right] = swapped ? [partner, column] : [column, partner];
  const output = emptyColumn(labels, column.values.length);
  const filters = isComparison(op) && !returnBool;
  const holds = filters ? comparison(op) : undefined;
  const apply = numeric(op);
  for (let step = 0; step < output.values.length; step++) {
    if (left.present[step] === 0 || right.present[step] === 0) continue;
    const a = left.values[step] as number;
    const b = right.values[step] as number;
    if (holds && !holds(a, b)) continue;
    output.values[step] = holds ? a : apply(a, b);
    output.present[step] = 1;
  }
  return output;
}

function resultLabels(expr: Binary, many: LabelSet, one: LabelSet): LabelSet {
  const { op, returnBool, matching } = expr;
  const drop: string[] = isComparison(op) && !returnBool ? [] : [...METRIC_LABELS];
  let labels = many;
  if (matching.cardinality === 'one-to-one') {
    if (matching.on) labels = labels.keep(...matching.labels);
    else drop.push(...matching.labels);
  }
  labels = labels.without(...drop);
  for (const name of matching.include) labels = labels.with(name, one.get(name));
  return labels;
}

function without(column: Column, other: Uint8Array): Uint8Array {
  return column.present.map((present, step) => (other[step] === 1 ? 0 : present));
}

function constantColumn(labels: LabelSet, present: Uint8Array, value: number): Column {
  return { labels, present, values: new Float64Array(present.length).fill(value) };
}

function pushNonEmpty(columns: Column[], column: Column): void {
  if (!isEmpty(column)) columns.push(column);
}

const MANY_TO_ONE =
  'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)';
const NOT_UNIQUE = 'multiple matches for labels: grouping labels must ensure unique matches';

/** Refuses two columns with a point at the same step, of the steps that count. */
function refuseSharedSteps(
  columns: readonly Column[],
  counts: Uint8Array | undefined,
  message: string,
): void {
  const taken = new Uint8Array(columns[0]?.present.length ?? 0);
  for (const { present } of columns)
    for (let step = 0; step < present.length; step++) {
      if (present[step] === 0 || counts?.[step] === 0) continue;
      if (taken[step] === 1) throw queryFailed(message);
      taken[step] = 1;
    }
}

/** Within a match group the results must differ in their labels, step by step. */
function refuseSameResults(columns: readonly Column[]): void {
  const byLabels = new Map<string, Column[]>();
  for (const column of columns) {
    const { key } = column.labels;
    byLabels.set(key, [...(byLabels.get(key) ?? []), column]);
  }
  for (const same of byLabels.values())
    if (same.length > 1) refuseSharedSteps(same, undefined, NOT_UNIQUE);
}

interface OneSide {
  readonly sides: Sides;
  readonly group: readonly Column[];
}

/** Two series of the "one" side at the same step cannot be told apart. */
function refuseDuplicates(context: EvalContext, expr: Binary, { sides, group }: OneSide): void {
  const { count } = context.grid;
  // A step at which the other side is empty has nothing to match, and so no conflict.
  const relevant = sides.fillMany === undefined ? unionPresence(sides.many, count) : undefined;
  for (let step = 0; step < count; step++) {
    if (relevant?.[step] === 0) continue;
    const present = group.filter((column) => column.present[step] === 1);
    const [first, second] = present;
    if (!first || !second) continue;
    const side = sides.swapped ? 'left' : 'right';
    const matched = bracketed(matchLabels(first.labels, expr.matching));
    throw queryFailed(
      `found duplicate series for the match group ${matched} on the ${side} hand-side of the operation: [${bracketed(first.labels)}, ${bracketed(second.labels)}];many-to-many matching not allowed: matching labels must be unique on one side`,
    );
  }
}

function bracketed(labels: LabelSet): string {
  const pairs = [...labels].map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `{${pairs.join(', ')}}`;
}
