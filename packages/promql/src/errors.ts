import type { ErrorEntry } from '@nowcast/model';

export type PromqlErrorCode = 'bad-query' | 'query-failed' | 'native-histogram' | 'query-timeout';

export const promqlErrors: Readonly<Record<PromqlErrorCode, ErrorEntry>> = {
  'bad-query': {
    meaning: 'A PromQL expression or selector does not parse or does not type-check.',
    action: 'Correct the expression at the position the message names (line:column).',
    retryable: false,
  },
  'query-failed': {
    meaning: 'A well-formed expression met data it is not defined for.',
    action: 'Read the message: most often a join needs on(), ignoring() or group_left().',
    retryable: false,
  },
  'native-histogram': {
    meaning: 'The expression or the request needs native histograms, which are not supported.',
    action: 'Use classic histograms: float series with an `le` label.',
    retryable: false,
  },
  'query-timeout': {
    meaning: 'The evaluation ran longer than its time limit.',
    action: 'Narrow the selector, shorten the range, enlarge the step, or raise the limit.',
    retryable: true,
  },
};
