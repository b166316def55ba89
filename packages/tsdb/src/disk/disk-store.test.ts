import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeStore } from '../../test/store-suite.ts';
import { openDiskStore } from './open-disk-store.ts';

describeStore('disk store', async (options) =>
  openDiskStore({
    directory: mkdtempSync(join(tmpdir(), 'nowcast-tsdb-')),
    sealAfterMs: 3_600_000,
    ...options,
  }),
);
