import { CodedError } from '@nowcast/model';
import type { Span } from '../ast/span.ts';

/** Line and column of an offset, both from 1, as Prometheus counts them. */
export function lineColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - before.lastIndexOf('\n') };
}

/** The position as Prometheus writes it in errors and annotations: `1:7`. */
export function formatPosition(text: string, offset: number): string {
  const { line, column } = lineColumn(text, offset);
  return `${line}:${column}`;
}

/** A `bad-query` error in Prometheus's wording, with the place in `details`. */
export function badQuery(
  text: string,
  span: Span,
  reason: string,
  cause?: unknown,
): CodedError<'bad-query'> {
  const { line, column } = lineColumn(text, span.from);
  return new CodedError('bad-query', `${line}:${column}: parse error: ${reason}`, {
    cause,
    details: { line, column, from: span.from, to: span.to },
  });
}
