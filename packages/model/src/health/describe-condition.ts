import {
  conditionTexts,
  type ConditionId,
  type ConditionTexts,
  type HealthLanguage,
} from './condition-texts.ts';
import { formatMeasure, formatSpan } from './measure.ts';

/** What an evaluator knows about one condition on one thing. */
export interface ConditionFacts {
  /** A `ConditionId`, or the name of a rule that has no texts here. */
  readonly condition: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** A `MeasureUnit`. */
  readonly unit: string;
  /** When what the condition warns of is expected, milliseconds since the Unix epoch. */
  readonly expectedMs?: number | undefined;
}

/**
 * The texts of a condition with its numbers and labels put in.
 * @param nowMs for "in about 3 h", milliseconds since the Unix epoch.
 */
export function describeCondition(
  facts: ConditionFacts,
  language: HealthLanguage,
  nowMs: number,
): ConditionTexts {
  const { condition, labels, value, unit, expectedMs } = facts;
  const texts = isConditionId(condition) ? conditionTexts[condition][language] : undefined;
  const measured = formatMeasure(value, unit, language);
  if (texts === undefined)
    return { title: condition, summary: `${condition}: ${measured}`, why: '', action: '' };
  const leftSeconds = expectedMs === undefined ? NaN : Math.max(0, expectedMs - nowMs) / 1_000;
  const words: Readonly<Record<string, string>> = {
    ...labels,
    value: measured,
    expected: Number.isNaN(leftSeconds) ? '?' : formatSpan(leftSeconds, language),
  };
  const fill = (text: string): string =>
    text.replaceAll(/\{(\w+)\}/g, (_, name: string) => words[name] ?? '?');
  return {
    title: texts.title,
    summary: fill(texts.summary),
    why: texts.why,
    action: fill(texts.action),
  };
}

export function isConditionId(name: string): name is ConditionId {
  return Object.hasOwn(conditionTexts, name);
}
