/**
 * Appends rows to a store until it is killed, and says which are acknowledged. Arguments: directory, first row.
 * Row n is at n seconds and holds n in each of its series; every tenth comes late, and some come twice.
 */
import { writeSync } from 'node:fs';
import { openDiskStore } from '../src/index.ts';
import { named } from './labels.ts';

const [directory = '', first = '0'] = process.argv.slice(2);
const clock = { nowMs: () => 86_400_000, monotonicMs: () => performance.now() };
const store = await openDiskStore({
  directory,
  clock: {
    ...clock,
    after: (delayMs, task) => {
      const handle = setTimeout(task, delayMs);
      return { cancel: () => clearTimeout(handle) };
    },
    every: (intervalMs, task) => {
      const handle = setInterval(task, intervalMs);
      return { cancel: () => clearInterval(handle) };
    },
  },
  sealSamples: 2_000,
  checkMs: 20,
  retentionMs: 10 * 86_400_000,
});
const refs = Array.from({ length: 20 }, (_, at) => store.series(named('m', { at: String(at) })));
writeSync(1, 'open\n');
for (let row = Number(first); ; row++) {
  const late = row % 10 === 0 ? row + 5 : row % 10 === 5 ? row - 5 : row;
  store.append(late * 1_000, refs, new Float64Array(refs.length).fill(late));
  if (row % 7 === 0) store.append(late * 1_000, refs, new Float64Array(refs.length).fill(late));
  if (row % 10 !== 9) continue;
  await store.flushed();
  writeSync(1, `${row}\n`);
}
