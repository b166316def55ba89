import { noData, type CollectorModule } from '../collector.ts';
import { counter, type Slot } from '../series-group.ts';

const RESOURCES = [
  { name: 'cpu', lines: ['waiting'] },
  { name: 'io', lines: ['waiting', 'stalled'] },
  { name: 'memory', lines: ['waiting', 'stalled'] },
] as const;
const EQUALS = 61;

/** Pressure stall information: how long tasks have waited for a resource, from `/proc/pressure`. */
export const pressure: CollectorModule = {
  name: 'pressure',
  create(host, series) {
    const files = RESOURCES.map(({ name, lines }) => ({
      file: host.proc(`pressure/${name}`),
      slots: lines.map((line) =>
        series.define(
          counter(
            `node_pressure_${name}_${line}_seconds_total`,
            line === 'waiting'
              ? `Time in which some task waited for ${name}.`
              : `Time in which all tasks waited for ${name}.`,
          ),
        ),
      ),
    }));
    return {
      collect() {
        let found = 0;
        for (const { file, slots } of files) {
          const scan = file.tryScan();
          if (scan === undefined) continue;
          found++;
          for (const slot of slots) {
            // some avg10=0.00 avg60=0.00 avg300=0.00 total=0
            scan.skipTokens(4);
            scan.token(EQUALS);
            setMicroseconds(slot, scan.number());
            scan.nextLine();
          }
        }
        if (found === 0) throw noData('/proc/pressure');
      },
    };

    function setMicroseconds(slot: Slot, value: number): void {
      series.set(slot, value / 1000 / 1000);
    }
  },
};
