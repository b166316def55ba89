import type { CollectorModule } from '../collector.ts';
import { gauge } from '../series-group.ts';

/** Open file handles of the whole machine, from `/proc/sys/fs/file-nr`. */
export const filefd: CollectorModule = {
  name: 'filefd',
  create(host, series) {
    const file = host.proc('sys/fs/file-nr');
    const allocated = series.define(gauge('node_filefd_allocated', 'Open file handles.'));
    const maximum = series.define(gauge('node_filefd_maximum', 'Most file handles allowed.'));
    return {
      collect() {
        const scan = file.scanShort();
        series.set(allocated, scan.number());
        scan.skipTokens(1);
        series.set(maximum, scan.number());
      },
    };
  },
};
