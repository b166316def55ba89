/**
 * What a lezer error node means, in the words of Prometheus's own parser where tools and people know
 * them: `unexpected end of input`, `unknown function with name "x"`, `unclosed left brace`.
 */
import type { SyntaxNode } from '@lezer/common';
import type { Span } from '../ast/span.ts';

export interface SyntaxErrorDescription {
  readonly span: Span;
  readonly reason: string;
}

const TOKEN =
  /^(?:[a-zA-Z_:][\w:]*|0x[0-9a-fA-F]+|[0-9][0-9a-zA-Z_.]*|\.[0-9][0-9a-zA-Z_]*|"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|`[^`]*`?|=~|!~|==|!=|<=|>=|<\/|>\/|.)/su;
const STRING_OR_COMMENT = /"(?:[^"\\]|\\[^])*"?|'(?:[^'\\]|\\[^])*'?|`[^`]*`?|#.*/g;
const KEYWORDS =
  /^(?:by|without|on|ignoring|group_left|group_right|offset|bool|and|or|unless|atan2)$/i;
const CLOSER: ReadonlyMap<string, string> = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
]);
const BRACKETS: ReadonlyMap<string, string> = new Map([
  ['(', 'left parenthesis'],
  ['{', 'left brace'],
  ['[', 'left bracket'],
]);

/** What went wrong at the first error node. */
export function describeSyntaxError(text: string, node: SyntaxNode): SyntaxErrorDescription {
  const string = unterminatedString(text);
  if (string) return string;
  const from = skipSpace(text, node.from);
  const open = unclosed(text);
  if (from >= text.length) return { span: { from, to: from }, reason: atEnd(text, open) };
  const token = (TOKEN.exec(text.slice(from)) as RegExpExecArray)[0];
  const span = { from, to: from + token.length };
  return unknownFunction(text, from, token) ?? { span, reason: unexpected(token, node) };
}

function atEnd(text: string, open: string | undefined): string {
  if (text.trim() === '') return 'no expression found in input';
  const name = open === undefined ? undefined : BRACKETS.get(open);
  if (name === undefined) return 'unexpected end of input';
  return open === '{' ? 'unexpected end of input inside braces' : `unclosed ${name}`;
}

function unknownFunction(
  text: string,
  from: number,
  token: string,
): SyntaxErrorDescription | undefined {
  const before = token === '(' ? text.slice(0, from) : text.slice(0, from + token.length);
  const name = /([a-zA-Z_:][\w:]*)\s*$/.exec(before);
  if (!name || !/^\s*\(/.test(text.slice(before.length)) || KEYWORDS.test(name[1] as string))
    return undefined;
  const span = { from: name.index, to: name.index + (name[1] as string).length };
  return { span, reason: `unknown function with name ${JSON.stringify(name[1])}` };
}

function unexpected(token: string, node: SyntaxNode): string {
  const context = contextOf(node);
  return `unexpected ${describe(token)}${context === undefined ? '' : ` in ${context}`}`;
}

function describe(token: string): string {
  if (BRACKETS.has(token) || [...CLOSER.values()].includes(token)) return JSON.stringify(token);
  if (/^["'`]/.test(token)) return `string ${JSON.stringify(token)}`;
  if (/^[\d.]/.test(token)) return `number ${JSON.stringify(token)}`;
  if (KEYWORDS.test(token)) return `<${token.toLowerCase()}>`;
  if (/^[a-zA-Z_:]/.test(token)) return `identifier ${JSON.stringify(token)}`;
  if (/^[-+*/%^=!<>@]/.test(token)) return `<op:${token}>`;
  return /^[,:;]$/.test(token) ? JSON.stringify(token) : `character: '${token}'`;
}

function contextOf(node: SyntaxNode): string | undefined {
  for (let at = node.parent; at; at = at.parent) {
    if (at.name === 'LabelMatchers') return 'label matching';
    if (at.name === 'GroupingLabels') return 'grouping opts';
    if (at.name === 'AggregateExpr') return 'aggregation';
    if (at.name === 'MatrixSelector' || at.name === 'SubqueryExpr') return 'range selector';
    if (at.name === 'OffsetExpr') return 'offset';
  }
  return undefined;
}

function unterminatedString(text: string): SyntaxErrorDescription | undefined {
  for (const match of text.matchAll(STRING_OR_COMMENT)) {
    const [literal] = match;
    if (literal[0] === '#' || (literal.length > 1 && literal.endsWith(literal[0] as string)))
      continue;
    const raw = literal[0] === '`' ? 'raw' : 'quoted';
    const span = { from: match.index, to: match.index + literal.length };
    return { span, reason: `unterminated ${raw} string` };
  }
  return undefined;
}

function skipSpace(text: string, at: number): number {
  const space = /^\s*/.exec(text.slice(at)) as RegExpExecArray;
  return at + space[0].length;
}

/** The innermost bracket that is open at the end of the text, strings and comments set aside. */
function unclosed(text: string): string | undefined {
  const bare = text.replaceAll(STRING_OR_COMMENT, '');
  const open: string[] = [];
  for (const character of bare) {
    if (CLOSER.has(character)) open.push(character);
    else if (open.length > 0 && CLOSER.get(open.at(-1) as string) === character) open.pop();
  }
  return open.at(-1);
}
