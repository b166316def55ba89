/**
 * The language of the scripts in testdata, read into commands. A script says what is stored and what
 * expressions then give:
 *
 *     load 30s                                   a series a line: name, then values one step apart
 *       http_requests_total{job="a"} 0+10x4 _ stale
 *     eval instant at 1m sum(http_requests_total)
 *       {} 20                                    a result a line, in any order
 *     eval range from 0 to 1m step 30s rate(…)   values one step apart, _ where there is none
 *     eval fail at 0 expression                  the message, as a regular expression, on the next line
 *     clear                                      forgets what was loaded
 *
 * Values: a number, `_` for none, `stale`, `a+bxN` for N more values each b higher, `axN` for N more equal
 * ones. `ordered` before `eval` makes the order count. Lines of results under `eval` are indented; an `eval`
 * without such lines expects nothing. `#` starts a comment line.
 */
import { LabelSet, METRIC_NAME, parseDuration } from '@nowcast/model';
import { parseSelector } from '../src/index.ts';

/** A value, a staleness marker (whose bits an ordinary array would lose), or nothing. */
export type Slot = number | 'stale' | undefined;

export interface Row {
  readonly labels: LabelSet;
  /** One step apart. */
  readonly values: readonly Slot[];
}

export interface LoadCommand {
  readonly kind: 'load';
  readonly line: number;
  readonly stepMs: number;
  readonly rows: readonly Row[];
}

export interface EvalCommand {
  readonly kind: 'instant' | 'range' | 'fail';
  readonly line: number;
  readonly expression: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
  readonly ordered: boolean;
  readonly rows: readonly Row[];
  /** A scalar or string result, or the message of a failure, as written. */
  readonly bare?: string | undefined;
}

export type Command = LoadCommand | EvalCommand | { readonly kind: 'clear'; readonly line: number };

const LOAD = /^load (\S+)$/;
const INSTANT = /^(ordered )?eval (instant|fail) at (\S+) (.+)$/;
const RANGE = /^eval range from (\S+) to (\S+) step (\S+) (.+)$/;

export function readScript(text: string): readonly Command[] {
  const commands: Command[] = [];
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] as string;
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue;
    const body: string[] = [];
    while (/^\s+\S/.test(lines[at + 1] ?? '')) {
      const next = (lines[++at] as string).trim();
      if (!next.startsWith('#')) body.push(next);
    }
    commands.push(readCommand(line.trim(), body, at + 1 - body.length));
  }
  return commands;
}

function readCommand(head: string, body: readonly string[], line: number): Command {
  if (head === 'clear') return { kind: 'clear', line };
  const load = LOAD.exec(head);
  if (load) return { kind: 'load', line, stepMs: ms(load[1]), rows: body.map(readRow) };
  const instant = INSTANT.exec(head);
  if (instant) {
    const [, ordered, kind, at, expression] = instant as unknown as string[];
    const startMs = ms(at);
    const command = { line, expression: expression as string, startMs, endMs: startMs, stepMs: 0 };
    const bare = body.length === 1 && !/^\S*\{|^[a-zA-Z_:]\S*\s/.test(body[0] as string);
    const asIs = kind === 'fail' || bare;
    return {
      ...command,
      kind: kind as 'instant' | 'fail',
      ordered: ordered !== undefined,
      rows: asIs ? [] : body.map(readRow),
      bare: asIs ? (body[0] ?? '') : undefined,
    };
  }
  const range = RANGE.exec(head);
  if (!range) throw new Error(`line ${line}: not a command: ${head}`);
  return {
    kind: 'range',
    line,
    startMs: ms(range[1]),
    endMs: ms(range[2]),
    stepMs: ms(range[3]),
    expression: range[4] as string,
    ordered: false,
    rows: body.map(readRow),
  };
}

function readRow(text: string): Row {
  const end = text.includes('}') ? text.lastIndexOf('}') + 1 : text.indexOf(' ');
  const series = text.slice(0, end);
  return { labels: readLabels(series), values: readValues(text.slice(end).trim().split(/\s+/)) };
}

function readLabels(series: string): LabelSet {
  if (series === '{}') return LabelSet.EMPTY;
  return LabelSet.fromEntries(
    parseSelector(series).map(({ name, value }) => [name === '' ? METRIC_NAME : name, value]),
  );
}

function readValues(tokens: readonly string[]): readonly Slot[] {
  return tokens.flatMap((token) => {
    const repeated = /^(_|[^x]+?)(?:([+-][^x]+))?x(\d+)$/.exec(token);
    if (!repeated) return [readValue(token)];
    const [, first = '', change = '0', times = '0'] = repeated;
    const start = readValue(first);
    const more = Number(times);
    // A gap takes as many places as it says; a value is followed by so many more.
    if (start === undefined) return Array.from<Slot>({ length: more });
    if (start === 'stale') return [start];
    return Array.from({ length: more + 1 }, (_, at) => start + at * Number(change));
  });
}

function readValue(token: string): Slot {
  if (token === '_') return undefined;
  if (token === 'stale') return 'stale';
  return Number(token.replace(/Inf$/, 'Infinity'));
}

function ms(text: string | undefined): number {
  const seconds = Number(text);
  return Number.isFinite(seconds) ? seconds * 1_000 : parseDuration(text as string);
}
