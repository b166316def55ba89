/** Every bound of a disk store, with its default. */
export interface DiskLimits {
  /** Samples this much older than the newest one, or than now, are refused, and blocks of such deleted. */
  readonly retentionMs: number;
  /** Rollups are kept this long, and never shorter than the samples. */
  readonly rollupRetentionMs: number;
  /** All blocks and rollups together; past it the oldest are deleted. */
  readonly blockBytesMax: number;
  /** Series in memory; a new one past it is refused. */
  readonly seriesMax: number;
  /** Samples in memory from which they are sealed into a block. */
  readonly sealSamples: number;
  /** Samples are sealed after this time however few they are. */
  readonly sealAfterMs: number;
  /** A series without a sample in memory and not asked for during this time is given up. */
  readonly idleMs: number;
  /** WAL bytes that may wait while the disk refuses them. */
  readonly pendingBytesMax: number;
  /** How often sealing, merging and retention are looked at. */
  readonly checkMs: number;
}

export const defaultLimits: DiskLimits = {
  retentionMs: 30 * 86_400_000,
  rollupRetentionMs: 0,
  blockBytesMax: 100 * 2 ** 30,
  seriesMax: 1_000_000,
  sealSamples: 4_000_000,
  sealAfterMs: 7_200_000,
  idleMs: 3_600_000,
  pendingBytesMax: 64 * 2 ** 20,
  checkMs: 10_000,
};
