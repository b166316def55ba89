/** The store: size, append, memory, reads, event loop. `npm run bench -- store [SECTION]` */
import {
  measureAppend,
  measureLive,
  measureMatchers,
  measureNewSeries,
  measureReads,
  measureReplay,
  measureSize,
} from './own.ts';
import { measureLoad } from './load.ts';
import { measurePrometheus, measureVictoria } from './peers.ts';
import { changingOnly, loadRecording } from './recording.ts';

const [only, argument] = process.argv.slice(2);
const recording = loadRecording();
if (recording === undefined)
  console.log('skipped size, append and reads: no recording beside the repository');

const sections: Record<string, () => Promise<void>> = {
  ...(recording === undefined
    ? {}
    : {
        size: async () => {
          await measureSize('whole recording', recording);
          await measureSize('changing series', recording.map(changingOnly));
        },
        append: () => measureAppend(recording),
        reads: () => measureReads(recording),
        peers: async () => {
          for (const [title, sources] of [
            ['whole recording', recording],
            ['changing series', recording.map(changingOnly)],
          ] as const) {
            console.log(`peers, ${title}:`);
            await measurePrometheus(sources);
            await measureVictoria(sources);
          }
        },
      }),
  series: measureNewSeries,
  matchers: measureMatchers,
  replay: measureReplay,
  load: measureLoad,
  live: () => measureLive(Number(argument ?? 30)),
};

for (const [name, run] of Object.entries(sections))
  if (only === undefined || only === name) await run();
