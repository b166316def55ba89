/** Query results as Prometheus's JSON, written straight to text: the answers can be large. */
import { formatValue, type LabelSet, type SeriesData } from '@nowcast/model';
import type { QueryValue } from '@nowcast/promql';

/** The members of `data` for a value: resultType and result. */
export function valueText(value: QueryValue): string {
  switch (value.type) {
    case 'scalar':
      return `"resultType":"scalar","result":${pointText(value.timeMs, value.value)}`;
    case 'string':
      return `"resultType":"string","result":[${value.timeMs / 1_000},${JSON.stringify(value.value)}]`;
    case 'vector': {
      const samples = value.samples.map(
        ({ labels, value: number }) =>
          `{"metric":${labelsText(labels)},"value":${pointText(value.timeMs, number)}}`,
      );
      return `"resultType":"vector","result":[${samples.join(',')}]`;
    }
    case 'matrix':
      return `"resultType":"matrix","result":[${value.series.map(seriesText).join(',')}]`;
  }
}

export function labelsText(labels: LabelSet): string {
  const { pairs } = labels;
  let text = '{';
  for (let at = 0; at < pairs.length; at += 2) {
    if (at > 0) text += ',';
    text += `${JSON.stringify(pairs[at])}:${JSON.stringify(pairs[at + 1])}`;
  }
  return `${text}}`;
}

function seriesText({ labels, timesMs, values }: SeriesData): string {
  const points: string[] = [];
  for (let at = 0; at < values.length; at++)
    points.push(pointText(timesMs[at] as number, values[at] as number));
  return `{"metric":${labelsText(labels)},"values":[${points.join(',')}]}`;
}

function pointText(timeMs: number, value: number): string {
  return `[${timeMs / 1_000},"${formatValue(value)}"]`;
}
