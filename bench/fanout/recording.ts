/** A recording of scrapes, as `[time, n, v0 … v(n−1)]` in float64 behind gzip, one file per target. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

export interface Target {
  /** Series in order, in text form. */
  readonly keys: readonly string[];
  /** Values of each scrape, one after the other. */
  readonly scrapes: readonly Float64Array[];
}

export function readRecording(folder: string): Target[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.bin.gz'))
    .map((name) => {
      const keysFile = join(folder, name.replace('.bin.gz', '.keys.json'));
      const { keys } = JSON.parse(readFileSync(keysFile, 'utf8')) as { keys: string[] };
      const bytes = gunzipSync(readFileSync(join(folder, name)));
      const numbers = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
      const scrapes: Float64Array[] = [];
      for (let at = 0; at < numbers.length; at += 2 + (numbers[at + 1] as number))
        scrapes.push(numbers.slice(at + 2, at + 2 + (numbers[at + 1] as number)));
      return { keys, scrapes };
    });
}
