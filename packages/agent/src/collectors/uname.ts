import { machine } from 'node:os';
import type { CollectorModule } from '../collector.ts';
import { gauge } from '../series-group.ts';
import { constantCollector } from './constant-info.ts';

const UNAME = gauge('node_uname_info', 'Kernel and name of the machine; always 1.');

/** What `uname` says, from `/proc/sys/kernel`. */
export const uname: CollectorModule = {
  name: 'uname',
  create(host, series) {
    const kernel = (name: string): string => host.procText(`sys/kernel/${name}`) ?? '';
    return constantCollector(series, () => [
      {
        spec: UNAME,
        labels: {
          sysname: kernel('ostype'),
          release: kernel('osrelease'),
          version: kernel('version'),
          machine: machine(),
          nodename: kernel('hostname'),
          domainname: kernel('domainname'),
        },
      },
    ]);
  },
};
