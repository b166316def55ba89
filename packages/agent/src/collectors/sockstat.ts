import type { ByteScanner } from '../byte-scanner.ts';
import type { CollectorModule } from '../collector.ts';
import { KeyedRows } from '../keyed-rows.ts';
import { gauge, type SeriesGroup, type Slot } from '../series-group.ts';

const COLON = 58;

/** Sockets by protocol, from `/proc/net/sockstat` and `sockstat6`. */
export const sockstat: CollectorModule = {
  name: 'sockstat',
  create(host, series) {
    const tables = ['net/sockstat', 'net/sockstat6'].map((path) => ({
      file: host.proc(path),
      protocols: new KeyedRows<Protocol>({
        create: (name) => new Protocol(series, name, host.pageBytes),
      }),
    }));
    return {
      collect() {
        for (const [index, { file, protocols }] of tables.entries()) {
          // The second is missing where IPv6 is switched off.
          const scan = index === 0 ? file.scan() : file.tryScan();
          if (scan === undefined) continue;
          protocols.begin();
          while (!scan.atEnd) {
            if (scan.token(COLON)) protocols.at(scan)?.collect(scan);
            scan.nextLine();
          }
        }
      },
    };
  },
};

/** One line: `TCP: inuse 4 orphan 0 tw 1 alloc 4 mem 0`. */
class Protocol {
  readonly #series: SeriesGroup;
  readonly #fields: KeyedRows<{ value: Slot; bytes: Slot | undefined }>;
  readonly #pageBytes: number;

  constructor(series: SeriesGroup, name: string, pageBytes: number) {
    this.#series = series;
    this.#pageBytes = pageBytes;
    this.#fields = new KeyedRows({
      create: (field) => {
        const metric = `node_sockstat_${name}_${field}`;
        const help =
          name === 'sockets' ? 'Sockets of all protocols.' : `${name} sockets: ${field}.`;
        return {
          value: series.define(gauge(metric, help)),
          bytes:
            field === 'mem'
              ? series.define(gauge(`${metric}_bytes`, `Memory of ${name} sockets.`))
              : undefined,
        };
      },
    });
  }

  collect(scan: ByteScanner): void {
    this.#fields.begin();
    while (scan.token()) {
      const field = this.#fields.at(scan);
      const value = scan.number();
      if (field === undefined) continue;
      this.#series.set(field.value, value);
      if (field.bytes !== undefined) this.#series.set(field.bytes, value * this.#pageBytes);
    }
  }
}
