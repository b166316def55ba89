/** Disk I/O from `/proc/diskstats`, and what udev knows about the disks. */
import type { CollectorModule } from '../collector.ts';
import type { Host } from '../host.ts';
import { KeyedRows } from '../keyed-rows.ts';
import { counter, gauge, type MetricSpec, type SeriesGroup, type Slot } from '../series-group.ts';
import { diskInfos, type DiskIdentity } from './disk-info.ts';

/** Partitions and pseudo disks, as node_exporter leaves them out. */
const EXCLUDED = /^(ram|loop|fd|(h|s|v|xv)d[a-z]|nvme\d+n\d+p)\d+$/;
const SECTOR_BYTES = 512;
const SECONDS_PER_MS = 0.001;

const sector = (value: number): number => value * SECTOR_BYTES;
const milliseconds = (value: number): number => value * SECONDS_PER_MS;
const plain = (value: number): number => value;

/** In the order of the columns. */
const COLUMNS: readonly { spec: MetricSpec; convert: (value: number) => number }[] = [
  { spec: counter('node_disk_reads_completed_total', 'Reads completed.'), convert: plain },
  { spec: counter('node_disk_reads_merged_total', 'Reads merged with others.'), convert: plain },
  { spec: counter('node_disk_read_bytes_total', 'Bytes read.'), convert: sector },
  {
    spec: counter('node_disk_read_time_seconds_total', 'Time spent by all reads.'),
    convert: milliseconds,
  },
  { spec: counter('node_disk_writes_completed_total', 'Writes completed.'), convert: plain },
  { spec: counter('node_disk_writes_merged_total', 'Writes merged with others.'), convert: plain },
  { spec: counter('node_disk_written_bytes_total', 'Bytes written.'), convert: sector },
  {
    spec: counter('node_disk_write_time_seconds_total', 'Time spent by all writes.'),
    convert: milliseconds,
  },
  { spec: gauge('node_disk_io_now', 'Requests in progress.'), convert: plain },
  {
    spec: counter('node_disk_io_time_seconds_total', 'Time in which the disk was busy.'),
    convert: milliseconds,
  },
  {
    spec: counter(
      'node_disk_io_time_weighted_seconds_total',
      'Time the disk was busy, weighted with the requests in progress.',
    ),
    convert: milliseconds,
  },
  { spec: counter('node_disk_discards_completed_total', 'Discards completed.'), convert: plain },
  {
    spec: counter('node_disk_discards_merged_total', 'Discards merged with others.'),
    convert: plain,
  },
  { spec: counter('node_disk_discarded_sectors_total', 'Sectors discarded.'), convert: plain },
  {
    spec: counter('node_disk_discard_time_seconds_total', 'Time spent by all discards.'),
    convert: milliseconds,
  },
  { spec: counter('node_disk_flush_requests_total', 'Flushes completed.'), convert: plain },
  {
    spec: counter('node_disk_flush_requests_time_seconds_total', 'Time spent by all flushes.'),
    convert: milliseconds,
  },
];

interface Disk {
  readonly columns: readonly Slot[];
  readonly infos: readonly Slot[];
}

export const diskstats: CollectorModule = {
  name: 'diskstats',
  create(host, series) {
    const file = host.proc('diskstats');
    let major = 0;
    let minor = 0;
    const rows = new KeyedRows<Disk | null>({
      create: (device) =>
        EXCLUDED.test(device) ? null : createDisk(host, series, { device, major, minor }),
      drop(disk) {
        for (const slot of [...(disk?.columns ?? []), ...(disk?.infos ?? [])]) series.release(slot);
      },
    });
    return {
      collect() {
        const scan = file.scan();
        rows.begin();
        while (!scan.atEnd) {
          major = scan.number();
          minor = scan.number();
          const disk = scan.token() ? rows.at(scan) : undefined;
          if (disk) {
            for (let column = 0; column < COLUMNS.length; column++) {
              const value = scan.number();
              if (Number.isNaN(value)) break;
              series.set(
                disk.columns[column] as Slot,
                (COLUMNS[column] as (typeof COLUMNS)[0]).convert(value),
              );
            }
            for (const slot of disk.infos) series.set(slot, 1);
          }
          scan.nextLine();
        }
      },
    };
  },
};

function createDisk(host: Host, series: SeriesGroup, identity: DiskIdentity): Disk {
  const { device } = identity;
  return {
    columns: COLUMNS.map(({ spec }) => series.define(spec, { device })),
    infos: diskInfos(host, identity).map(({ spec, labels }) => series.define(spec, labels)),
  };
}
