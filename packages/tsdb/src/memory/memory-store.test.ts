import { describeStore } from '../../test/store-suite.ts';
import { openMemoryStore } from './memory-store.ts';

describeStore('memory store', async (options) => openMemoryStore(options));
