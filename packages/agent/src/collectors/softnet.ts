import type { CollectorModule } from '../collector.ts';
import { counter, type Slot } from '../series-group.ts';

const PROCESSED = counter('node_softnet_processed_total', 'Packets handled.');
const DROPPED = counter('node_softnet_dropped_total', 'Packets dropped for a full backlog.');
const SQUEEZED = counter(
  'node_softnet_times_squeezed_total',
  'Times a CPU ran out of quota while packets were left.',
);
/** Column of the CPU's number; older kernels do not have it and list every CPU. */
const CPU_COLUMN = 12;

/** Packet handling by CPU, from `/proc/net/softnet_stat` (hexadecimal, one line a CPU). */
export const softnet: CollectorModule = {
  name: 'softnet',
  create(host, series) {
    const file = host.proc('net/softnet_stat');
    const byCpu: (readonly Slot[])[] = [];
    return {
      collect() {
        const scan = file.scan();
        for (let line = 0; !scan.atEnd; line++) {
          const processed = scan.hex();
          const dropped = scan.hex();
          const squeezed = scan.hex();
          scan.skipTokens(CPU_COLUMN - 3);
          const column = scan.hex();
          const cpu = Number.isNaN(column) ? line : column;
          const slots = (byCpu[cpu] ??= [PROCESSED, DROPPED, SQUEEZED].map((spec) =>
            series.define(spec, { cpu: String(cpu) }),
          ));
          series.set(slots[0] as Slot, processed);
          series.set(slots[1] as Slot, dropped);
          series.set(slots[2] as Slot, squeezed);
          scan.nextLine();
        }
      },
    };
  },
};
