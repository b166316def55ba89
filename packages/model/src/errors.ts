import type { ErrorEntry } from './coded-error.ts';

export type ModelErrorCode = 'bad-regex' | 'bad-duration' | 'too-many-samples';

export const modelErrors: Readonly<Record<ModelErrorCode, ErrorEntry>> = {
  'bad-regex': {
    meaning: 'A regular expression in a label matcher does not parse as RE2 syntax.',
    action: 'Correct the pattern; look-around and back-references do not exist in RE2.',
    retryable: false,
  },
  'bad-duration': {
    meaning: 'A duration such as 5m or 1h30m was expected and something else was found.',
    action: 'Write whole numbers with the units ms, s, m, h, d, w, y, largest first.',
    retryable: false,
  },
  'too-many-samples': {
    meaning: 'A query would read more samples than it may.',
    action: 'Narrow the selector, shorten the range, lengthen the step, or raise the limit.',
    retryable: false,
  },
};
