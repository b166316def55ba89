import { noData, type CollectorModule } from '../collector.ts';
import { KeyedRows } from '../keyed-rows.ts';
import { counter, type Slot } from '../series-group.ts';

const RUNNING = counter('node_schedstat_running_seconds_total', 'Time tasks ran on the CPU.');
const WAITING = counter('node_schedstat_waiting_seconds_total', 'Time tasks waited for the CPU.');
const TIMESLICES = counter('node_schedstat_timeslices_total', 'Turns tasks had on the CPU.');
const NANOSECONDS = 1e9;
const COLUMNS_BEFORE = 6;

/** Scheduler statistics by CPU, from `/proc/schedstat`. */
export const schedstat: CollectorModule = {
  name: 'schedstat',
  create(host, series) {
    const file = host.proc('schedstat');
    const rows = new KeyedRows<readonly Slot[] | null>({
      create: (key) =>
        /^cpu\d+$/.test(key)
          ? [RUNNING, WAITING, TIMESLICES].map((spec) => series.define(spec, { cpu: key.slice(3) }))
          : null,
    });
    return {
      collect() {
        const scan = file.tryScan();
        if (scan === undefined) throw noData('/proc/schedstat');
        rows.begin();
        for (; !scan.atEnd; scan.nextLine()) {
          const slots = scan.token() ? rows.at(scan) : undefined;
          if (!slots) continue;
          scan.skipTokens(COLUMNS_BEFORE);
          series.set(slots[0] as Slot, scan.number() / NANOSECONDS);
          series.set(slots[1] as Slot, scan.number() / NANOSECONDS);
          series.set(slots[2] as Slot, scan.number());
        }
      },
    };
  },
};
