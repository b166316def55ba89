export { defaultLimits, type DiskLimits } from './disk/disk-limits.ts';
export { openDiskStore, type DiskStoreOptions } from './disk/open-disk-store.ts';
export { storeErrors, type StoreErrorCode } from './errors.ts';
export { openMemoryStore, type MemoryStoreOptions } from './memory/memory-store.ts';
export type { DiskStats, Store, StoreEvent, StoreState, StoreStats } from './store.ts';
