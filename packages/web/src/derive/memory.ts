import { alignTo, combine, gridOf } from './columns.ts';
import { EMPTY_MODEL, type ChartModel, type MetricReader } from './chart-model.ts';

const TOTAL = 'node_memory_MemTotal_bytes';
const AVAILABLE = 'node_memory_MemAvailable_bytes';
const FREE = 'node_memory_MemFree_bytes';
const SWAP_TOTAL = 'node_memory_SwapTotal_bytes';
const SWAP_FREE = 'node_memory_SwapFree_bytes';

/**
 * Memory in bytes: `used` cannot be taken back without swapping, `cache` is given up when somebody needs it;
 * what is left of the total is free.
 */
export function memoryUse(source: MetricReader, fromMs: number): ChartModel {
  const columns = [TOTAL, AVAILABLE, FREE].map((name) =>
    source.metric(name)[0]?.samples.since(fromMs),
  );
  const [total, available, free] = columns;
  if (!total || !available || !free) return EMPTY_MODEL;
  const timesMs = gridOf([available]);
  const at = [total, available, free].map((column) => alignTo(timesMs, column));
  return {
    timesMs,
    lines: [
      { id: 'used', values: combine(at, (all, usable) => all - usable) },
      { id: 'cache', values: combine(at, (_all, usable, idle) => Math.max(0, usable - idle)) },
    ],
  };
}

/** Share of the memory in use at each time of the model, 0 to 1. */
export function memoryShare(model: ChartModel, totalBytes: number): Float64Array {
  const used = model.lines.find(({ id }) => id === 'used')?.values ?? new Float64Array(0);
  return combine([used], (bytes) => bytes / totalBytes);
}

export interface MemoryFacts {
  readonly totalBytes: number;
  readonly swapTotalBytes: number;
  readonly swapUsedBytes: number;
  readonly availableBytes: number;
  /** Files kept in memory. */
  readonly filesBytes: number;
  /** Shared between processes, tmpfs included. */
  readonly sharedBytes: number;
  /** What the kernel keeps for itself. */
  readonly kernelBytes: number;
  /** Written by programs, not yet on disk. */
  readonly dirtyBytes: number;
}

export function memoryFacts(source: MetricReader): MemoryFacts {
  const last = (name: string): number => source.metric(name)[0]?.samples.last ?? NaN;
  return {
    totalBytes: last(TOTAL),
    swapTotalBytes: last(SWAP_TOTAL),
    swapUsedBytes: last(SWAP_TOTAL) - last(SWAP_FREE),
    availableBytes: last(AVAILABLE),
    filesBytes: last('node_memory_Cached_bytes') + last('node_memory_Buffers_bytes'),
    sharedBytes: last('node_memory_Shmem_bytes'),
    kernelBytes: last('node_memory_Slab_bytes'),
    dirtyBytes: last('node_memory_Dirty_bytes'),
  };
}
