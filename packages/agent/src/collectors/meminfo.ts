import type { CollectorModule } from '../collector.ts';
import { KeyedRows } from '../keyed-rows.ts';
import { gauge, type Slot } from '../series-group.ts';

interface Row {
  /** Of the value in bytes, when the line ends with `kB`, and of the bare number otherwise. */
  readonly bytes: Slot;
  readonly plain: Slot;
}

const COLON = 58;

/** Every field of `/proc/meminfo`. */
export const meminfo: CollectorModule = {
  name: 'meminfo',
  create(host, series) {
    const file = host.proc('meminfo');
    const rows = new KeyedRows<Row>({
      create(key) {
        const name = `node_memory_${key.replace(/\((.*)\)/, '_$1')}`;
        return {
          bytes: series.define(gauge(`${name}_bytes`, `${key} in /proc/meminfo.`)),
          plain: series.define(gauge(name, `${key} in /proc/meminfo.`)),
        };
      },
    });
    return {
      collect() {
        const scan = file.scan();
        rows.begin();
        while (!scan.atEnd) {
          if (scan.token(COLON)) {
            const row = rows.at(scan);
            const value = scan.number();
            if (row !== undefined) {
              if (scan.token()) series.set(row.bytes, value * 1024);
              else series.set(row.plain, value);
            }
          }
          scan.nextLine();
        }
      },
    };
  },
};
