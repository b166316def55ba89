import { METRIC_NAME, type Matcher } from '@nowcast/model';

const CLASSIC_METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const CLASSIC_LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
/** Words the grammar keeps for itself: as a metric name they must be quoted. */
const RESERVED = new Set([
  'inf',
  'nan',
  'bool',
  'ignoring',
  'on',
  'group_left',
  'group_right',
  'offset',
]);

/** The text as a double-quoted literal that reads back equal. */
export function quoteString(text: string): string {
  return `"${text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')}"`;
}

/** A label name as it stands in a grouping or matcher, quoted where it must be. */
export function formatLabelName(name: string): string {
  return CLASSIC_LABEL.test(name) ? name : quoteString(name);
}

/**
 * The canonical spelling of a selector: equal for selectors that are the same but for the order of their
 * matchers, repetitions, quotes and spaces.
 */
export function formatSelector(matchers: readonly Matcher[]): string {
  const metric = matchers.find(isMetricEquality);
  const name = metric?.value ?? '';
  const plain = isPlainMetric(name);
  const rest = new Set(matchers.filter((matcher) => matcher !== metric).map(formatMatcher));
  if (plain && metric) rest.delete(formatMatcher(metric));
  const parts = [...rest].sort();
  if (metric && !plain) parts.unshift(quoteString(name));
  if (plain && parts.length === 0) return name;
  return `${plain ? name : ''}{${parts.join(',')}}`;
}

function isPlainMetric(name: string): boolean {
  return CLASSIC_METRIC.test(name) && !RESERVED.has(name.toLowerCase());
}

function formatMatcher(matcher: Matcher): string {
  return `${formatLabelName(matcher.name)}${matcher.op}${quoteString(matcher.value)}`;
}

function isMetricEquality(matcher: Matcher): boolean {
  return matcher.name === METRIC_NAME && matcher.op === '=' && matcher.value !== '';
}
