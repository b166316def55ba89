import type { SyntaxNode } from '@lezer/common';
import { parseDuration } from '@nowcast/model';
import type { NumberLiteral } from '../ast/number-literal.ts';
import { badQuery } from './position.ts';
import { spanOf, textOf } from './syntax-tree.ts';

const DURATION = /^(?:\d+(?:ms|[smhdwy]))+$/;

export interface ParsedNumber {
  /** Seconds, where a duration was written. */
  readonly value: number;
  readonly isDuration: boolean;
}

/**
 * Reads a number as Go does: 1_000, 0x1F, 017 (octal), 1e3, Inf, NaN, or a duration such as 5m.
 * Undefined when the text is none.
 */
export function parseNumber(written: string): ParsedNumber | undefined {
  const sign = /^[+-]/.test(written) ? written[0] : '';
  const digits = written.slice(sign === '' ? 0 : 1).trim();
  const parsed = parseUnsigned(digits);
  if (!parsed || sign !== '-') return parsed;
  return { ...parsed, value: -parsed.value };
}

export function readNumber(text: string, node: SyntaxNode): NumberLiteral {
  const written = textOf(text, node);
  const parsed = parseNumber(written);
  if (!parsed)
    throw badQuery(text, node, `bad number or duration syntax: ${JSON.stringify(written)}`);
  return { kind: 'number', ...parsed, span: spanOf(node) };
}

function parseUnsigned(digits: string): ParsedNumber | undefined {
  if (DURATION.test(digits)) {
    try {
      return { value: parseDuration(digits) / 1_000, isDuration: true };
    } catch {
      return undefined;
    }
  }
  const value = parsePlain(digits);
  return value === undefined ? undefined : { value, isDuration: false };
}

function parsePlain(digits: string): number | undefined {
  const lower = digits.toLowerCase();
  if (lower === 'inf') return Infinity;
  if (lower === 'nan') return Number.NaN;
  const plain = lower.replaceAll('_', '');
  if (/^0[0-7]+$/.test(plain)) return Number.parseInt(plain, 8);
  const value = Number(plain);
  return plain === '' || Number.isNaN(value) ? undefined : value;
}
