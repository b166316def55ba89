/**
 * Reads OpenMetrics text line by line. Every sample needs a timestamp, in seconds; exemplars are passed over.
 * Names may be quoted, as UTF-8 names are: `{"a.b", "c.d"="e"} 1 2`.
 */
import { LabelSet, METRIC_NAME, type MetricMetadata, type MetricType } from '@nowcast/model';

export interface ParsedSample {
  readonly labels: LabelSet;
  readonly timeMs: number;
  readonly value: number;
}

const NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const QUOTED = /"((?:[^"\\]|\\.)*)"/y;
const SPACES = /[ \t]*/y;
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const SPECIAL: Readonly<Record<string, number>> = {
  nan: NaN,
  inf: Infinity,
  '+inf': Infinity,
  infinity: Infinity,
  '+infinity': Infinity,
  '-inf': -Infinity,
  '-infinity': -Infinity,
};
const TYPES: ReadonlySet<string> = new Set<MetricType>([
  'counter',
  'gauge',
  'histogram',
  'summary',
  'info',
  'unknown',
]);

/** Knows the metadata said so far; one reader a file. */
export class OpenMetricsReader {
  readonly #families = new Map<string, MetricMetadata>();

  /** Undefined for comments and empty lines. @throws {Error} whose message says what is wrong with the line */
  read(line: string): ParsedSample | undefined {
    const text = line.trim();
    if (text === '') return undefined;
    if (text.startsWith('#')) {
      this.#comment(text);
      return undefined;
    }
    return parseSample(text);
  }

  /** What the file said about the family of a metric. */
  metadataOf(metric: string): MetricMetadata | undefined {
    const family = this.#families.get(metric);
    if (family !== undefined) return family;
    return metric.endsWith('_total') ? this.#families.get(metric.slice(0, -6)) : undefined;
  }

  #comment(text: string): void {
    const parts = /^#\s+(TYPE|UNIT|HELP)\s+("(?:[^"\\]|\\.)*"|\S+)\s+(.*)$/.exec(text);
    if (parts === null) return;
    const [, word, name, rest] = parts as unknown as [string, string, string, string];
    const family = name.startsWith('"') ? unescape(name.slice(1, -1)) : name;
    const known = this.#families.get(family) ?? {};
    if (word === 'HELP') this.#families.set(family, { ...known, help: unescape(rest) });
    else if (word === 'UNIT') this.#families.set(family, { ...known, unit: rest });
    else if (TYPES.has(rest)) this.#families.set(family, { ...known, type: rest as MetricType });
  }
}

function parseSample(text: string): ParsedSample {
  const entries = new Map<string, string>();
  let at = 0;
  const bare = match(NAME, text, 0);
  if (bare !== undefined) {
    entries.set(METRIC_NAME, bare[0]);
    at = bare[0].length;
  }
  at = skip(text, at);
  if (text[at] === '{') at = readLabels(text, at + 1, entries);
  if (entries.size === 0) throw new Error('a sample begins with a name or with {');
  // An exemplar follows a # outside of the labels.
  const [value, time, ...more] = (text.slice(at).split('#', 1)[0] as string).trim().split(/[ \t]+/);
  if (value === undefined || value === '') throw new Error('the value is missing');
  if (time === undefined) throw new Error('the timestamp is missing');
  if (more.length > 0) throw new Error(`${JSON.stringify(more[0])} stands after the timestamp`);
  return { labels: LabelSet.fromEntries(entries), value: readValue(value), timeMs: readTime(time) };
}

/** Reads up to and with the closing brace; where that is. */
function readLabels(text: string, from: number, entries: Map<string, string>): number {
  let at = skip(text, from);
  while (text[at] !== '}') {
    const quoted = match(QUOTED, text, at);
    const name = quoted ?? match(NAME, text, at);
    if (name === undefined) throw new Error(`a label was expected at column ${at + 1}`);
    at = skip(text, at + name[0].length);
    const key = quoted === undefined ? name[0] : unescape(quoted[1] as string);
    if (text[at] === '=') {
      const value = match(QUOTED, text, skip(text, at + 1));
      if (value === undefined) throw new Error(`the value of label ${key} is not quoted`);
      if (entries.has(key)) throw new Error(`label ${key} stands twice`);
      entries.set(key, unescape(value[1] as string));
      at = skip(text, skip(text, at + 1) + value[0].length);
    } else if (quoted !== undefined && !entries.has(METRIC_NAME)) entries.set(METRIC_NAME, key);
    else throw new Error(`label ${key} has no value`);
    if (text[at] === ',') at = skip(text, at + 1);
    else if (text[at] !== '}') throw new Error(`, or } was expected at column ${at + 1}`);
  }
  return at + 1;
}

function readValue(text: string): number {
  const special = SPECIAL[text.toLowerCase()];
  if (special !== undefined) return special;
  if (!NUMBER.test(text)) throw new Error(`${JSON.stringify(text)} is not a value`);
  return Number(text);
}

/** Seconds to milliseconds by moving the decimal point, so that nothing is rounded twice. */
function readTime(text: string): number {
  if (!NUMBER.test(text)) throw new Error(`${JSON.stringify(text)} is not a timestamp`);
  const [mantissa, exponent = '0'] = text.toLowerCase().split('e');
  const timeMs = Number(`${mantissa}e${Number(exponent) + 3}`);
  if (!Number.isFinite(timeMs)) throw new Error(`${text} is no time`);
  return timeMs;
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

function skip(text: string, at: number): number {
  return at + (match(SPACES, text, at)?.[0].length ?? 0);
}

function unescape(text: string): string {
  return text.replace(/\\(.)/g, (_whole, letter: string) => (letter === 'n' ? '\n' : letter));
}
