export type { Expr } from './ast/expr.ts';
export { extractSelectors, walk } from './ast/walk.ts';
export { typeOf } from './check/check.ts';
export { constantSeconds } from './check/duration.ts';
export type { ValueType } from './check/value-type.ts';
export { promqlErrors, type PromqlErrorCode } from './errors.ts';
export {
  evaluateFetched,
  type FetchedQuery,
  fetchQuery,
  instantQuery,
  LOOKBACK_DEFAULT_MS,
  overdue,
  type QueryOptions,
  type QueryTimes,
  rangeQuery,
} from './eval/query.ts';
export type { QueryResult, QueryStats, QueryValue, VectorSample } from './eval/query-result.ts';
export { functionNames, functionSignature } from './functions/signature.ts';
export type { ResultPoint, ResultRing, ResultRow } from './live/result-ring.ts';
export { SampleWindow } from './live/sample-window.ts';
export { readStandingExpression, type StandingExpression } from './live/standing-expression.ts';
export { StandingQuery, type StandingOptions } from './live/standing-query.ts';
export { parseExpression, type ParseOptions } from './parse/expression.ts';
export { parseSelector } from './parse/selector.ts';
export { formatExpression } from './print/expression.ts';
export { formatSelector } from './print/label-matchers.ts';
