import type { CollectorModule } from '../collector.ts';
import { gauge } from '../series-group.ts';

/** The kernel's random number pool. */
export const entropy: CollectorModule = {
  name: 'entropy',
  create(host, series) {
    const available = host.proc('sys/kernel/random/entropy_avail');
    const pool = host.proc('sys/kernel/random/poolsize');
    const availableBits = series.define(
      gauge('node_entropy_available_bits', 'Entropy that the kernel has collected.'),
    );
    const poolBits = series.define(gauge('node_entropy_pool_size_bits', 'Size of the pool.'));
    return {
      collect() {
        series.set(availableBits, available.scanShort().number());
        series.set(poolBits, pool.scanShort().number());
      },
    };
  },
};
