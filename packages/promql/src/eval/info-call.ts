/**
 * info(): adds the labels of info series (target_info and such) to the series they describe, matched by
 * `instance` and `job`. Which info series counts is decided at each step, as they change over time.
 */
import { LabelSet, METRIC_NAME, type Matcher } from '@nowcast/model';
import { must } from '@nowcast/std';
import type { Call } from '../ast/call.ts';
import { infoSelector } from '../ast/info-selector.ts';
import { type Column, emptyColumn, vector, type VectorValue } from './column.ts';
import { type EvalContext, queryFailed } from './context.ts';
import { infoGrid } from './info-grid.ts';
import { mergeColumns } from './merge.ts';
import { evalSelector, spread } from './vector-selector.ts';

const IDENTIFYING = ['instance', 'job'];

/** What is asked of info series beside their names. */
interface InfoRequest {
  /** Labels wanted; empty for all. */
  readonly wanted: ReadonlySet<string>;
  /** Series without an info series stay as they are. */
  readonly optional: boolean;
  readonly nameMatchers: readonly Matcher[];
}

export function evalInfo(context: EvalContext, call: Call, base: readonly Column[]): VectorValue {
  const selector = infoSelector(call);
  const grid = infoGrid(must(call.args[0], 'an argument'), context);
  const times = evalSelector({ ...context, grid }, selector, 'timestamp').map((column) =>
    spread(column, context.grid.count),
  );
  const infos = byIdentity(times);
  const dataMatchers = selector.matchers.filter(({ name }) => name !== METRIC_NAME);
  const request: InfoRequest = {
    wanted: new Set(dataMatchers.map(({ name }) => name)),
    optional: dataMatchers.every((matcher) => matcher.matches('')),
    nameMatchers: selector.matchers.filter(({ name }) => name === METRIC_NAME),
  };
  return vector(
    mergeColumns(
      base.flatMap((column) => {
        context.check();
        const candidates = infos.get(identityOf(column.labels)) ?? [];
        return enrich(column, candidates, request);
      }),
    ),
  );
}

function byIdentity(columns: readonly Column[]): ReadonlyMap<string, readonly Column[]> {
  const groups = new Map<string, Column[]>();
  for (const column of columns) {
    const key = identityOf(column.labels);
    groups.set(key, [...(groups.get(key) ?? []), column]);
  }
  groups.delete('');
  return groups;
}

/** Equal for series of the same origin; empty where a series names none. */
function identityOf(labels: LabelSet): string {
  return labels.keep(...IDENTIFYING).key;
}

function enrich(
  column: Column,
  candidates: readonly Column[],
  request: InfoRequest,
): readonly Column[] {
  const { metric } = column.labels;
  if (request.nameMatchers.every((matcher) => matcher.matches(metric))) return [column];
  const outputs = new Map<string, Column>();
  const labelsOf = new Map<string, LabelSet>();
  for (let step = 0; step < column.present.length; step++) {
    if (column.present[step] === 0) continue;
    const chosen = newestPerMetric(candidates, step);
    if (chosen.length === 0 && !request.optional) continue;
    const choice = chosen.join();
    let labels = labelsOf.get(choice);
    if (!labels) {
      const infos = chosen.map((at) => (candidates[at] as Column).labels);
      labelsOf.set(choice, (labels = addLabels(column.labels, infos, request.wanted)));
    }
    let output = outputs.get(labels.key);
    if (!output) outputs.set(labels.key, (output = emptyColumn(labels, column.present.length)));
    output.values[step] = column.values[step] as number;
    output.present[step] = 1;
  }
  return [...outputs.values()];
}

/** For each info metric the series with the newest sample, as places in `candidates`. */
function newestPerMetric(candidates: readonly Column[], step: number): readonly number[] {
  const newest = new Map<string, number>();
  candidates.forEach(({ labels, present, values }, at) => {
    if (present[step] === 0) return;
    const before = newest.get(labels.metric);
    const other = before === undefined ? undefined : candidates[before];
    if (other && other.values[step] === values[step])
      throw queryFailed(
        `found duplicate series for info metric: ${other.labels.toString()} and ${labels.toString()}`,
      );
    if (!other || (values[step] as number) > (other.values[step] as number))
      newest.set(labels.metric, at);
  });
  return [...newest.values()];
}

function addLabels(
  base: LabelSet,
  infos: readonly LabelSet[],
  wanted: ReadonlySet<string>,
): LabelSet {
  const added = new Map<string, string>();
  for (const info of infos)
    for (const [name, value] of info) {
      if (name === METRIC_NAME || base.has(name)) continue;
      if (wanted.size > 0 && !wanted.has(name)) continue;
      const other = added.get(name);
      if (other !== undefined && other !== value)
        throw queryFailed(`conflicting label: ${name} is ${other} and ${value}`);
      added.set(name, value);
    }
  return added.size === 0 ? base : LabelSet.fromEntries([...base, ...added]);
}
