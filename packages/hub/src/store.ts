/** What a command may do with the store of a hub that need not run: the tools of the store, and where it lies. */
import { join } from 'node:path';

export { parseSelector } from '@nowcast/promql';
export {
  describeStore,
  emptyCount,
  emptyImport,
  EXPORT_FORMATS,
  exportStore,
  importStore,
  openDiskStore,
  openSnapshot,
  repairStore,
  verifyStore,
  type Damage,
  type ExportFormat,
  type ImportCount,
  type RepairReport,
  type SeriesFilter,
  type StoreInfo,
  type VerifyReport,
} from '@nowcast/tsdb';

/** Where a hub keeps samples within its data folder. */
export function samplesDirectory(dataDir: string): string {
  return join(dataDir, 'samples');
}
