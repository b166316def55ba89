import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { LabelSet } from '@nowcast/model';

/** One scrape: the first `values.length` series of its source, at one time. */
export interface Scrape {
  readonly timeMs: number;
  readonly values: Float64Array;
}

export interface Source {
  readonly name: string;
  readonly labels: readonly LabelSet[];
  readonly scrapes: readonly Scrape[];
}

const FOLDER = new URL('../../../shared/data/scrape/', import.meta.url);
const SOURCES = ['node', 'prom', 'vm', 'app'];

/** The recording, or undefined where it is not there. */
export function loadRecording(): Source[] | undefined {
  if (!existsSync(fileURLToPath(FOLDER))) return undefined;
  return SOURCES.map((name) => {
    const text = readFileSync(new URL(`${name}.keys.json`, FOLDER), 'utf8');
    const { keys } = JSON.parse(text) as { readonly keys: readonly string[] };
    const bytes = gunzipSync(readFileSync(new URL(`${name}.bin.gz`, FOLDER)));
    const floats = new Float64Array(Uint8Array.from(bytes).buffer);
    const scrapes: Scrape[] = [];
    for (let at = 0; at < floats.length;) {
      const [timeMs = 0, count = 0] = floats.subarray(at, at + 2);
      scrapes.push({ timeMs, values: floats.slice(at + 2, at + 2 + count) });
      at += 2 + count;
    }
    return { name, labels: keys.map((key) => parseKey(key, name)), scrapes };
  });
}

/** Keeps only the series whose value changes during the recording. */
export function changingOnly(source: Source): Source {
  const last = source.scrapes.at(-1)?.values ?? new Float64Array();
  const changes = Array.from(last, (value, at) =>
    source.scrapes.some(({ values }) => at < values.length && !Object.is(values[at], value)),
  );
  return {
    name: source.name,
    labels: source.labels.filter((_, at) => changes[at]),
    scrapes: source.scrapes.map(({ timeMs, values }) => ({
      timeMs,
      values: values.filter((_, at) => changes[at]),
    })),
  };
}

/** Bytes of the label names and values, each once: what is left out of bytes per sample. */
export function labelTextBytes(sources: readonly Source[]): number {
  const texts = new Set(sources.flatMap(({ labels }) => labels.flatMap(({ pairs }) => pairs)));
  return [...texts].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

function parseKey(key: string, job: string): LabelSet {
  const [metric = '', rest = ''] = key.split('{', 2);
  const pairs = [...rest.matchAll(/([a-zA-Z_][\w]*)="((?:[^"\\]|\\.)*)"/g)];
  const labels = pairs.map(([, name = '', value = '']): [string, string] => [name, value]);
  return LabelSet.fromEntries([['__name__', metric], ['job', job], ...labels]);
}
