import { LabelSet, METRIC_NAME } from '@nowcast/model';

export interface Exposition {
  /** Value by the key of the label set. */
  readonly values: ReadonlyMap<string, number>;
  readonly labels: ReadonlyMap<string, LabelSet>;
  /** Type by metric name. */
  readonly types: ReadonlyMap<string, string>;
}

/** Reads Prometheus's text format as far as node_exporter uses it. */
export function parseExposition(text: string): Exposition {
  const values = new Map<string, number>();
  const labels = new Map<string, LabelSet>();
  const types = new Map<string, string>();
  for (const line of text.split('\n')) {
    const type = /^# TYPE (\S+) (\S+)$/.exec(line);
    if (type) types.set(type[1] as string, type[2] as string);
    const sample = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (!sample) continue;
    const pairs = [...(sample[2] ?? '').matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(
      ([, name = '', value = '']) => [name, value.replaceAll(/\\(.)/g, '$1')] as const,
    );
    const set = LabelSet.fromEntries([[METRIC_NAME, sample[1] as string], ...pairs]);
    values.set(set.key, Number(sample[3]));
    labels.set(set.key, set);
  }
  return { values, labels, types };
}
