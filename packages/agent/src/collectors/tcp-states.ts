/**
 * TCP connections by state, from `/proc/net/tcp` and `tcp6`. The kernel walks its whole hash table for
 * these files whatever the number of connections, milliseconds each time: hence the slow pace.
 */
import type { CollectorModule } from '../collector.ts';
import { gauge } from '../series-group.ts';

const CONNECTIONS = gauge('node_tcp_connection_states', 'TCP connections by state.');
/** By the number the kernel writes, from 1. */
const STATES = [
  'established',
  'syn_sent',
  'syn_recv',
  'fin_wait1',
  'fin_wait2',
  'time_wait',
  'close',
  'close_wait',
  'last_ack',
  'listen',
  'closing',
] as const;

export const tcpStates: CollectorModule = {
  name: 'tcpstat',
  everyMs: 5_000,
  shareMax: 0.0005,
  create(host, series) {
    const files = [host.proc('net/tcp'), host.proc('net/tcp6')];
    const slots = STATES.map((state) => series.define(CONNECTIONS, { state }));
    const receiveQueued = series.define(CONNECTIONS, { state: 'rx_queued_bytes' });
    const transmitQueued = series.define(CONNECTIONS, { state: 'tx_queued_bytes' });
    const counts = new Float64Array(STATES.length + 1);
    return {
      collect() {
        counts.fill(0);
        let receiveBytes = 0;
        let transmitBytes = 0;
        for (const [index, file] of files.entries()) {
          const scan = index === 0 ? file.scan() : file.tryScan();
          if (scan === undefined) continue;
          for (scan.nextLine(); !scan.atEnd; scan.nextLine()) {
            scan.skipTokens(3);
            const state = scan.hex();
            if (state >= 1 && state <= STATES.length) counts[state] = (counts[state] as number) + 1;
            transmitBytes += scan.hex();
            scan.skipByte();
            receiveBytes += scan.hex();
          }
        }
        for (const [index, slot] of slots.entries()) series.set(slot, counts[index + 1] as number);
        series.set(receiveQueued, receiveBytes);
        series.set(transmitQueued, transmitBytes);
      },
    };
  },
};
