import { compareLabels } from '@nowcast/model';
import { RE2JS } from 're2js';
import { type Column, relabel, vector } from '../eval/column.ts';
import { queryFailed } from '../eval/context.ts';
import { mergeColumns } from '../eval/merge.ts';
import { columnsArg, stringArg, type VectorFunction } from './vector-function.ts';

export const labelReplace: VectorFunction = (input) => {
  const [target, replacement, source] = [1, 2, 3].map((at) => stringArg(input, at)) as [
    string,
    string,
    string,
  ];
  const pattern = compile(stringArg(input, 4));
  checkTarget(target, 'label_replace');
  const rewritten = columnsArg(input, 0).map((column) => {
    const value = replaceWhole(pattern, column.labels.get(source), replacement);
    return value === undefined ? column : relabel(column, column.labels.with(target, value));
  });
  return vector(mergeColumns(rewritten));
};

export const labelJoin: VectorFunction = (input) => {
  const target = stringArg(input, 1);
  const separator = stringArg(input, 2);
  const sources = input.args.slice(3).map((_, at) => stringArg(input, at + 3));
  checkTarget(target, 'label_join');
  if (sources.includes('')) throw queryFailed('invalid source label name in label_join(): ');
  const joined = columnsArg(input, 0).map((column) => {
    const value = sources.map((name) => column.labels.get(name)).join(separator);
    return relabel(column, column.labels.with(target, value));
  });
  return vector(mergeColumns(joined));
};

/** Orders by the values of the labels named, digits by their number, then by all labels. */
export function sortByLabel(direction: 1 | -1): VectorFunction {
  return (input) => {
    const names = input.args.slice(1).map((_, at) => stringArg(input, at + 1));
    const sorted = [...columnsArg(input, 0)].sort((a, b) => direction * byLabels(a, b, names));
    return vector(sorted);
  };
}

function byLabels(a: Column, b: Column, names: readonly string[]): number {
  for (const name of names) {
    const order = natural.compare(a.labels.get(name), b.labels.get(name));
    if (order !== 0) return order;
  }
  return compareLabels(a.labels, b.labels);
}

const natural = new Intl.Collator('en', { numeric: true, sensitivity: 'variant' });

function checkTarget(name: string, where: string): void {
  if (name === '') throw queryFailed(`invalid destination label name in ${where}(): `);
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(`^(?s:${pattern})$`);
  } catch {
    throw queryFailed(`invalid regular expression in label_replace(): ${pattern}`);
  }
}

/** The replacement with groups filled in; undefined when the text as a whole does not match. */
function replaceWhole(pattern: RE2JS, text: string, replacement: string): string | undefined {
  const match = pattern.matcher(text);
  if (!match.matches()) return undefined;
  const named = pattern.namedGroups() as Readonly<Record<string, number>>;
  return replacement.replaceAll(
    /\$(?:\$|(\w+)|\{(\w+)\})/g,
    (reference, bare?: string, braced?: string) => {
      if (reference === '$$') return '$';
      const name = (bare ?? braced) as string;
      const group = /^\d+$/.test(name) ? Number(name) : named[name];
      return group === undefined || group > match.groupCount() ? '' : (match.group(group) ?? '');
    },
  );
}
