/** histogram_quantile() and histogram_fraction() over classic histograms: series with an `le` label. */
import type { LabelSet } from '@nowcast/model';
import type { Call } from '../ast/call.ts';
import { type Column, emptyColumn, isEmpty, vector } from '../eval/column.ts';
import type { EvalContext } from '../eval/context.ts';
import { mergeColumns } from '../eval/merge.ts';
import { dropMetric } from '../eval/metric-labels.ts';
import { formatFloat } from '../print/float.ts';
import { type Bucket, bucketFraction, bucketQuantile } from './classic-histogram.ts';
import { columnsArg, scalarArg, stringArg, type VectorFunction } from './vector-function.ts';

const BUCKET_LABEL = 'le';

/** The functions of native histograms: float samples are none, so they give nothing. */
export const nothing: VectorFunction = () => vector([]);

export const histogramQuantile: VectorFunction = (input) => {
  const phi = scalarArg(input, 0) as Float64Array;
  remarkQuantiles(input.context, input.call, phi);
  const histograms = groupBuckets(columnsArg(input, 1), input.context, input.call);
  const evaluate = quantileAt(input.context, input.call, phi);
  return vector(mergeColumns(histograms.flatMap((one) => evaluateHistogram(one, evaluate))));
};

export const histogramQuantiles: VectorFunction = (input) => {
  const target = stringArg(input, 1);
  const histograms = groupBuckets(columnsArg(input, 0), input.context, input.call);
  const columns: Column[] = [];
  for (let at = 2; at < input.args.length; at++) {
    const phi = scalarArg(input, at) as Float64Array;
    remarkQuantiles(input.context, input.call, phi);
    const evaluate = quantileAt(input.context, input.call, phi);
    for (const histogram of histograms) {
      const labels = histogram.labels.with(target, formatQuantile(phi[0] as number));
      columns.push(...evaluateHistogram({ ...histogram, labels }, evaluate));
    }
  }
  return vector(mergeColumns(columns));
};

export const histogramFraction: VectorFunction = (input) => {
  const lower = scalarArg(input, 0) as Float64Array;
  const upper = scalarArg(input, 1) as Float64Array;
  const histograms = groupBuckets(columnsArg(input, 2), input.context, input.call);
  const evaluate: Evaluate = (buckets, step) =>
    bucketFraction(lower[step] as number, upper[step] as number, buckets);
  return vector(mergeColumns(histograms.flatMap((one) => evaluateHistogram(one, evaluate))));
};

interface Histogram {
  readonly labels: LabelSet;
  readonly metric: string;
  readonly buckets: readonly { readonly upperBound: number; readonly column: Column }[];
}

type Evaluate = (buckets: Bucket[], step: number, histogram: Histogram) => number;

/** Series that differ in their `le` and metric name alone, put together. */
function groupBuckets(
  columns: readonly Column[],
  context: EvalContext,
  call: Call,
): readonly Histogram[] {
  const groups = new Map<string, Histogram>();
  for (const column of columns) {
    const bound = parseBound(column.labels.get(BUCKET_LABEL));
    if (bound === undefined) {
      remarkBadBound(context, call, column.labels);
      continue;
    }
    const key = column.labels.without(BUCKET_LABEL).key;
    const group = groups.get(key);
    const bucket = { upperBound: bound, column };
    groups.set(key, {
      labels: group?.labels ?? dropMetric(column.labels).without(BUCKET_LABEL),
      metric: column.labels.metric,
      buckets: [...(group?.buckets ?? []), bucket],
    });
  }
  return [...groups.values()];
}

function evaluateHistogram(histogram: Histogram, evaluate: Evaluate): readonly Column[] {
  const count = histogram.buckets[0]?.column.values.length ?? 0;
  const output = emptyColumn(histogram.labels, count);
  for (let step = 0; step < count; step++) {
    const buckets: Bucket[] = [];
    for (const { upperBound, column } of histogram.buckets)
      if (column.present[step] === 1)
        buckets.push({ upperBound, count: column.values[step] as number });
    if (buckets.length === 0) continue;
    output.values[step] = evaluate(buckets, step, histogram);
    output.present[step] = 1;
  }
  return isEmpty(output) ? [] : [output];
}

function quantileAt(context: EvalContext, call: Call, phi: Float64Array): Evaluate {
  const position = call.args[call.name === 'histogram_quantile' ? 1 : 0]?.span ?? call.span;
  return (buckets, step, { metric }) => {
    const { value, forcedMonotonic } = bucketQuantile(phi[step] as number, buckets);
    if (forcedMonotonic)
      context.annotations.info(
        `input to histogram_quantile needed to be fixed for monotonicity (see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile)${forMetric(metric)}`,
        position,
      );
    return value;
  };
}

/** As OpenMetrics writes a label that is a float: a whole number with its point. */
function formatQuantile(phi: number): string {
  return Number.isInteger(phi) ? `${phi}.0` : formatFloat(phi);
}

function parseBound(text: string): number | undefined {
  if (/^\+?inf$/i.test(text)) return Infinity;
  if (/^-inf$/i.test(text)) return -Infinity;
  const bound = Number(text);
  return text.trim() === '' || Number.isNaN(bound) ? undefined : bound;
}

function remarkBadBound(context: EvalContext, call: Call, labels: LabelSet): void {
  const vectorAt = call.args.findLast((arg) => arg.kind !== 'number' && arg.kind !== 'string');
  context.annotations.warn(
    `bucket label "le" is missing or has a malformed value of ${JSON.stringify(labels.get(BUCKET_LABEL))}${forMetric(labels.metric)}`,
    vectorAt?.span ?? call.span,
  );
}

function remarkQuantiles(context: EvalContext, call: Call, phi: Float64Array): void {
  const bad = phi.find((value) => !(value >= 0 && value <= 1));
  if (bad === undefined) return;
  context.annotations.warn(
    `quantile value should be between 0 and 1, got ${formatFloat(bad)}`,
    call.args[0]?.span ?? call.span,
  );
}

function forMetric(metric: string): string {
  return metric === '' ? '' : ` for metric name ${JSON.stringify(metric)}`;
}
