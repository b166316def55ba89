import type { MetricMetadata, MetricType } from '@nowcast/model';
import * as v from 'valibot';
import { refSchema } from './scalars.ts';

/**
 * Introduces a series under a ref. In `publish` refs belong to the connection, in `update` to the
 * subscription; a ref is never given to another series.
 */
export interface SeriesDefinition extends MetricMetadata {
  readonly ref: number;
  /** The metric's name is the label `__name__`. Values are not empty. */
  readonly labels: Readonly<Record<string, string>>;
}

export const labelsSchema: v.GenericSchema<unknown, Readonly<Record<string, string>>> = v.record(
  v.pipe(v.string(), v.minLength(1), v.maxLength(1_024)),
  v.pipe(v.string(), v.maxLength(4_096)),
);

const METRIC_TYPES = [
  'counter',
  'gauge',
  'histogram',
  'summary',
  'info',
  'unknown',
] as const satisfies readonly MetricType[];

export const seriesDefinitionSchema: v.GenericSchema<unknown, SeriesDefinition> = v.object({
  ref: refSchema,
  labels: labelsSchema,
  type: v.optional(v.picklist(METRIC_TYPES)),
  unit: v.optional(v.pipe(v.string(), v.maxLength(64))),
  help: v.optional(v.pipe(v.string(), v.maxLength(1_024))),
});
