import type { ByteScanner } from '../byte-scanner.ts';
import { KeyedRows } from '../keyed-rows.ts';
import type { MetricSpec, SeriesGroup, Slot } from '../series-group.ts';

/** A table with a key and its value on each line; keys without a metric are passed over. */
export class KeyedValues {
  readonly #series: SeriesGroup;
  readonly #rows: KeyedRows<Slot | null>;

  constructor(series: SeriesGroup, metricOf: (key: string) => MetricSpec | undefined) {
    this.#series = series;
    this.#rows = new KeyedRows({
      create(key) {
        const spec = metricOf(key);
        return spec === undefined ? null : series.define(spec);
      },
    });
  }

  collect(scan: ByteScanner): void {
    this.#rows.begin();
    for (; !scan.atEnd; scan.nextLine()) {
      const slot = scan.token() ? this.#rows.at(scan) : undefined;
      if (slot !== null && slot !== undefined) this.#series.set(slot, scan.number());
    }
  }
}
