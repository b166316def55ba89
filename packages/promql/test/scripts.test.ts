import { readdirSync, readFileSync } from 'node:fs';
import { formatValue, type LabelSet, type SeriesData, STALE_NAN } from '@nowcast/model';
import { describe, expect, test } from 'vitest';
import { instantQuery, parseExpression, type QueryValue, rangeQuery } from '../src/index.ts';
import { MemoryQueryable } from './memory-queryable.ts';
import { type EvalCommand, type LoadCommand, readScript, type Slot } from './script.ts';

const folder = new URL('../testdata/', import.meta.url);

for (const file of readdirSync(folder).filter((name) => name.endsWith('.promql'))) {
  describe(file, () => {
    let loads: LoadCommand[] = [];
    for (const command of readScript(readFileSync(new URL(file, folder), 'utf8'))) {
      if (command.kind === 'clear') loads = [];
      else if (command.kind === 'load') loads = [...loads, command];
      else {
        const stored = loads;
        test(`${file}:${command.line} ${command.expression}`, () => runEval(command, stored));
      }
    }
  });
}

async function runEval(command: EvalCommand, loads: readonly LoadCommand[]): Promise<void> {
  const queryable = new MemoryQueryable();
  for (const load of loads)
    for (const row of load.rows) queryable.set(toSeries(row.labels, row.values, load.stepMs));
  if (command.kind === 'fail') {
    await expect(evaluate(command, queryable)).rejects.toThrow(new RegExp(command.bare ?? '', 's'));
    return;
  }
  const value = await evaluate(command, queryable);
  if (command.bare === undefined) {
    const [got, want] = [rowsOf(value, command), command.rows.map(rowText)];
    expect(command.ordered ? got : got.sort()).toEqual(command.ordered ? want : want.sort());
  } else {
    expect(
      value.type === 'scalar' ? shown(value.value) : value.type === 'string' && value.value,
    ).toBe(
      value.type === 'scalar'
        ? shown(Number(command.bare.replace(/Inf$/, 'Infinity')))
        : command.bare,
    );
  }
}

async function evaluate(command: EvalCommand, queryable: MemoryQueryable): Promise<QueryValue> {
  const expr = parseExpression(command.expression, { experimental: true });
  const options = { queryable, text: command.expression };
  const { value } =
    command.kind === 'range'
      ? await rangeQuery(expr, command, options)
      : await instantQuery(expr, command.startMs, options);
  return value;
}

function toSeries(labels: LabelSet, slots: readonly Slot[], stepMs: number): SeriesData {
  const kept = slots.flatMap((value, at) => (value === undefined ? [] : [at]));
  const values = new Float64Array(kept.length);
  kept.forEach((slot, at) => {
    const value = slots[slot] as Exclude<Slot, undefined>;
    values[at] = value === 'stale' ? STALE_NAN : value;
  });
  return { labels, timesMs: Float64Array.from(kept, (slot) => slot * stepMs), values };
}

function rowsOf(value: QueryValue, { startMs, endMs, stepMs }: EvalCommand): string[] {
  if (value.type === 'vector')
    return value.samples.map((sample) =>
      rowText({ labels: sample.labels, values: [sample.value] }),
    );
  if (value.type !== 'matrix') return [];
  return value.series.map(({ labels, timesMs, values }) => {
    if (stepMs === 0) return rowText({ labels, values: [...values] });
    const byTime = new Map([...timesMs].map((timeMs, at) => [timeMs, values[at]]));
    const slots = Array.from({ length: (endMs - startMs) / stepMs + 1 }, (_, at) =>
      byTime.get(startMs + at * stepMs),
    );
    return rowText({ labels, values: slots });
  });
}

/** Trailing gaps do not count: a script may leave them out. */
function rowText({ labels, values }: { labels: LabelSet; values: readonly Slot[] }): string {
  const slots = values.map((value) =>
    value === undefined ? '_' : value === 'stale' ? value : shown(value),
  );
  while (slots.at(-1) === '_') slots.pop();
  return `${labels.toString()} ${slots.join(' ')}`;
}

/** Ten significant digits: what differs beyond is the order of additions. */
function shown(value: number): string {
  return formatValue(Number.isFinite(value) ? Number(value.toPrecision(10)) : value);
}
