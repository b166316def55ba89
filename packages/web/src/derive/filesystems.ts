import { holdsFiles, oncePerDevice, usedShare } from '@nowcast/model';
import type { MetricReader } from './chart-model.ts';
import { timeToFull, type TimeToFull } from './time-to-full.ts';

export interface FileSystem {
  readonly mountpoint: string;
  readonly device: string;
  readonly fstype: string;
  readonly sizeBytes: number;
  readonly availBytes: number;
  /** As `df` counts: what is used of what ordinary users may use, 0 to 1. */
  readonly used: number;
  /** Share of the inodes in use, NaN where the file system has no fixed number of them. */
  readonly inodesUsed: number;
  readonly readonly: boolean;
  readonly full: TimeToFull | undefined;
}

/** File systems by how full they are; one that is mounted several times stands once, at its shortest path. */
export function fileSystems(source: MetricReader): readonly FileSystem[] {
  const all = source.metric('node_filesystem_size_bytes').map(({ labels, samples }) => {
    const mountpoint = labels.get('mountpoint');
    const of = (metric: string): number =>
      source.metric(metric).find((one) => one.labels.get('mountpoint') === mountpoint)?.samples
        .last ?? NaN;
    const avail = source
      .metric('node_filesystem_avail_bytes')
      .find((one) => one.labels.get('mountpoint') === mountpoint);
    const availableBytes = avail?.samples.last ?? NaN;
    const sizeBytes = samples.last;
    const files = of('node_filesystem_files');
    return {
      mountpoint,
      device: labels.get('device'),
      fstype: labels.get('fstype'),
      sizeBytes,
      availBytes: availableBytes,
      used: usedShare({ sizeBytes, freeBytes: of('node_filesystem_free_bytes'), availableBytes }),
      inodesUsed: files > 0 ? 1 - of('node_filesystem_files_free') / files : NaN,
      readonly: of('node_filesystem_readonly') === 1,
      full: avail && timeToFull(avail.samples.all()),
    };
  });
  const storage = all.filter(({ fstype, sizeBytes }) => sizeBytes > 0 && holdsFiles(fstype));
  return oncePerDevice(storage.length > 0 ? storage : all).sort((a, b) => b.used - a.used);
}
