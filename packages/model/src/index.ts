export type { AppendOutcome, Appender } from './appender.ts';
export { CodedError, codeOf, type ErrorCatalogue, type ErrorEntry } from './coded-error.ts';
export { formatDuration, parseDuration } from './duration.ts';
export { modelErrors, type ModelErrorCode } from './errors.ts';
export { compareLabels, LabelSet, METRIC_NAME, type LabelRecord } from './labels.ts';
export {
  conditionTexts,
  type ConditionId,
  type ConditionTexts,
  type HealthLanguage,
} from './health/condition-texts.ts';
export {
  describeCondition,
  isConditionId,
  type ConditionFacts,
} from './health/describe-condition.ts';
export {
  freeShare,
  holdsFiles,
  oncePerDevice,
  usedShare,
  type FileSystemSpace,
  type MountedDevice,
} from './health/file-system.ts';
export { formatMeasure, formatSpan, type MeasureUnit } from './health/measure.ts';
export {
  compilePattern,
  createMatcher,
  matchesAll,
  type Matcher,
  type MatchOp,
} from './matcher.ts';
export type {
  LabelRequest,
  Queryable,
  RollupPoint,
  SelectRequest,
  SelectResult,
  TimeRange,
} from './queryable.ts';
export { formatValue, isStaleMarker, sameBits, STALE_NAN, type Sample } from './sample.ts';
export type { MetricMetadata, MetricType, SeriesData, SeriesRef } from './series.ts';
