import type { CollectorModule } from '../collector.ts';
import { gauge } from '../series-group.ts';

const QUEUES = gauge('node_udp_queues', 'Bytes waiting in the queues of all UDP sockets.');

/** Queues of UDP sockets, from `/proc/net/udp` and `udp6`. */
export const udpQueues: CollectorModule = {
  name: 'udp_queues',
  create(host, series) {
    const tables = (['v4', 'v6'] as const).map((ip) => ({
      file: host.proc(ip === 'v4' ? 'net/udp' : 'net/udp6'),
      transmit: series.define(QUEUES, { ip, queue: 'tx' }),
      receive: series.define(QUEUES, { ip, queue: 'rx' }),
    }));
    return {
      collect() {
        for (const { file, transmit, receive } of tables) {
          const scan = file.tryScan();
          if (scan === undefined) continue;
          let transmitBytes = 0;
          let receiveBytes = 0;
          for (scan.nextLine(); !scan.atEnd; scan.nextLine()) {
            // sl  local_address  rem_address  st  tx_queue:rx_queue
            scan.skipTokens(4);
            transmitBytes += scan.hex();
            scan.skipByte();
            receiveBytes += scan.hex();
          }
          series.set(transmit, transmitBytes);
          series.set(receive, receiveBytes);
        }
      },
    };
  },
};
