import { noData, type CollectorModule } from '../collector.ts';
import { gauge, type Slot } from '../series-group.ts';

const ENTRIES = gauge('node_nf_conntrack_entries', 'Connections the firewall tracks.');
const LIMIT = gauge('node_nf_conntrack_entries_limit', 'Most connections it may track.');
const STATISTICS = [
  'found',
  'invalid',
  'ignore',
  'insert',
  'insert_failed',
  'drop',
  'early_drop',
  'search_restart',
] as const;

/** Connection tracking of the firewall. */
export const conntrack: CollectorModule = {
  name: 'conntrack',
  create(host, series) {
    const count = host.proc('sys/net/netfilter/nf_conntrack_count');
    const max = host.proc('sys/net/netfilter/nf_conntrack_max');
    const table = host.proc('net/stat/nf_conntrack');
    const entries = series.define(ENTRIES);
    const limit = series.define(LIMIT);
    const slots = new Map<string, Slot>(
      STATISTICS.map((name) => [
        name,
        series.define(gauge(`node_nf_conntrack_stat_${name}`, `Connection tracking: ${name}.`)),
      ]),
    );
    let columns: readonly (Slot | undefined)[] = [];
    const sums = new Map<Slot, number>();
    return {
      collect() {
        const counted = count.tryScan();
        if (counted === undefined) throw noData('connection tracking');
        series.set(entries, counted.number());
        series.set(limit, max.scanShort().number());
        const scan = table.tryScan();
        if (scan === undefined) return;
        if (columns.length === 0)
          columns = scan
            .text(0, scan.lineEnd())
            .trim()
            .split(/\s+/)
            .map((name) => slots.get(name));
        sums.clear();
        for (scan.nextLine(); !scan.atEnd; scan.nextLine())
          for (const slot of columns) {
            const value = scan.hex();
            if (slot !== undefined) sums.set(slot, (sums.get(slot) ?? 0) + value);
          }
        for (const [slot, sum] of sums) series.set(slot, sum);
      },
    };
  },
};
