import type { CollectorModule } from '../collector.ts';
import { KeyedValues } from './keyed-values.ts';

const WANTED = /^(oom_kill|pgpg|pswp|pg.*fault).*/;

/** Paging, swapping and out-of-memory kills, from `/proc/vmstat`. */
export const vmstat: CollectorModule = {
  name: 'vmstat',
  create(host, series) {
    const file = host.proc('vmstat');
    const values = new KeyedValues(series, (key) =>
      WANTED.test(key)
        ? { name: `node_vmstat_${key}`, type: 'unknown', help: `${key} in /proc/vmstat.` }
        : undefined,
    );
    return { collect: () => values.collect(file.scan()) };
  },
};
