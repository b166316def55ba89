/**
 * A run of samples as one line of JSON, in the shape of VictoriaMetrics' export:
 * `{"metric":{…},"values":[…],"timestamps":[…]}`, times in milliseconds. JSON has no word for some floats: ±Inf
 * stand as "Infinity" and "-Infinity", NaN as null. A NaN that is not the ordinary one (0x7ff8000000000000), such as
 * the staleness marker, stands as null too, and its 64 bits under `nans`: index → 16 hexadecimal digits. Programs
 * that do not know the field read NaN. So every float comes back bit for bit.
 */
import { LabelSet } from '@nowcast/model';
import { wordsOf, type SampleRun } from '../block/sample-run.ts';

/** What one line says: times in the order they stand in it. */
export interface ImportedRun {
  readonly labels: LabelSet;
  readonly run: SampleRun;
}

const ORDINARY_NAN_HIGH = 0x7ff80000;
const BITS = /^[0-9a-f]{16}$/i;

export function formatJsonLine(labels: LabelSet, { times, values }: SampleRun): string {
  const words = wordsOf(values);
  const texts: string[] = [];
  const nans: string[] = [];
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as number;
    texts.push(valueText(value));
    if (value === value) continue;
    const [low, high] = [words[at * 2] as number, words[at * 2 + 1] as number];
    if (low !== 0 || high !== ORDINARY_NAN_HIGH) nans.push(`"${at}":"${hex(high)}${hex(low)}"`);
  }
  const metric = JSON.stringify(labels.toRecord());
  const extra = nans.length === 0 ? '' : `,"nans":{${nans.join(',')}}`;
  return `{"metric":${metric},"values":[${texts.join(',')}],"timestamps":[${times.join(',')}]${extra}}\n`;
}

/** @throws {Error} whose message says what is wrong with the line */
export function parseJsonLine(line: string): ImportedRun {
  const read: unknown = parse(line);
  if (!isRecord(read)) throw new Error('it is not a JSON object');
  const { metric, values, timestamps, nans } = read;
  if (!isRecord(metric)) throw new Error('"metric" is not an object of labels');
  for (const [name, value] of Object.entries(metric))
    if (typeof value !== 'string') throw new Error(`label ${JSON.stringify(name)} is not a text`);
  if (!Array.isArray(values) || !Array.isArray(timestamps))
    throw new Error('"values" and "timestamps" must be lists');
  if (values.length !== timestamps.length)
    throw new Error(`${values.length} values do not go with ${timestamps.length} timestamps`);
  const labels = LabelSet.from(metric as Record<string, string>);
  if (labels.size === 0) throw new Error('a series needs at least one label');
  const run = { times: Float64Array.from(timestamps, readTime), values: readValues(values) };
  if (nans !== undefined) setNans(run.values, nans);
  return { labels, run };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new Error('it is not JSON');
  }
}

function readTime(time: unknown): number {
  if (typeof time !== 'number' || !Number.isFinite(time))
    throw new Error(`${JSON.stringify(time)} is not a timestamp`);
  return time;
}

function readValues(list: readonly unknown[]): Float64Array {
  const values = new Float64Array(list.length);
  const words = wordsOf(values);
  list.forEach((value, at) => {
    if (typeof value === 'number') values[at] = value;
    else if (value === null || value === 'NaN') words[at * 2 + 1] = ORDINARY_NAN_HIGH;
    else if (value === 'Infinity' || value === '+Inf' || value === 'Inf') values[at] = Infinity;
    else if (value === '-Infinity' || value === '-Inf') values[at] = -Infinity;
    else throw new Error(`${JSON.stringify(value)} is not a value`);
  });
  return values;
}

function setNans(values: Float64Array, nans: unknown): void {
  if (!isRecord(nans)) throw new Error('"nans" is not an object');
  const words = wordsOf(values);
  for (const [key, bits] of Object.entries(nans)) {
    const at = Number(key);
    if (!Number.isInteger(at) || !(at >= 0 && at < values.length) || !Number.isNaN(values[at]))
      throw new Error(`"nans" names ${JSON.stringify(key)}, where no NaN stands`);
    if (typeof bits !== 'string' || !BITS.test(bits))
      throw new Error(`"nans" gives ${JSON.stringify(bits)}, which is not 16 hexadecimal digits`);
    words[at * 2 + 1] = Number.parseInt(bits.slice(0, 8), 16);
    words[at * 2] = Number.parseInt(bits.slice(8), 16);
  }
}

function valueText(value: number): string {
  if (value !== value) return 'null';
  if (value === Infinity) return '"Infinity"';
  if (value === -Infinity) return '"-Infinity"';
  return Object.is(value, -0) ? '-0' : String(value);
}

function hex(word: number): string {
  return word.toString(16).padStart(8, '0');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
