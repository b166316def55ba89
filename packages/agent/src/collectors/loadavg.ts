import type { CollectorModule } from '../collector.ts';
import { gauge } from '../series-group.ts';

/** Load averages from `/proc/loadavg`. */
export const loadavg: CollectorModule = {
  name: 'loadavg',
  create(host, series) {
    const file = host.proc('loadavg');
    const slots = [1, 5, 15].map((minutes) =>
      series.define(gauge(`node_load${minutes}`, `Load average over ${minutes} min.`)),
    );
    return {
      collect() {
        const scan = file.scan();
        for (const slot of slots) series.set(slot, scan.number());
      },
    };
  },
};
