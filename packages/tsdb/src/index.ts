export { defaultLimits, type DiskLimits } from './disk/disk-limits.ts';
export { openDiskStore, type DiskStoreOptions } from './disk/open-disk-store.ts';
export { storeErrors, type StoreErrorCode } from './errors.ts';
export { openMemoryStore, type MemoryStoreOptions } from './memory/memory-store.ts';
export type { DiskStats, Store, StoreEvent, StoreState, StoreStats } from './store.ts';
export { openSnapshot, type StoreSnapshot } from './tools/store-snapshot.ts';
export {
  emptyCount,
  EXPORT_FORMATS,
  exportStore,
  type ExportCount,
  type ExportFormat,
  type ExportOptions,
} from './tools/store-export.ts';
export {
  emptyImport,
  importStore,
  type ImportCount,
  type ImportOptions,
} from './tools/store-import.ts';
export {
  describeStore,
  type LabelCount,
  type MetricCount,
  type StoreInfo,
} from './tools/store-info.ts';
export { repairStore, type RepairReport } from './tools/store-repair.ts';
export {
  verifyStore,
  type Damage,
  type VerifyProgress,
  type VerifyReport,
} from './tools/store-verify.ts';
export type { SeriesFilter } from './tools/stored-series.ts';
