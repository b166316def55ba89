/** Protocol counters: pairs of header and value lines in `netstat` and `snmp`, one field a line in `snmp6`. */
import type { ByteScanner } from '../byte-scanner.ts';
import type { CollectorModule } from '../collector.ts';
import { KeyedRows } from '../keyed-rows.ts';
import type { MetricSpec, SeriesGroup, Slot } from '../series-group.ts';
import { KeyedValues } from './keyed-values.ts';

const WANTED =
  /^(.*_(InErrors|InErrs)|Ip_Forwarding|Ip(6|Ext)_(InOctets|OutOctets)|Icmp6?_(InMsgs|OutMsgs)|TcpExt_(Listen.*|Syncookies.*|TCPSynRetrans|TCPTimeouts|TCPOFOQueue|TCPRcvQDrop)|Tcp_(ActiveOpens|InSegs|OutSegs|OutRsts|PassiveOpens|RetransSegs|CurrEstab)|Udp6?_(InDatagrams|OutDatagrams|NoPorts|RcvbufErrors|SndbufErrors))$/;
const COLON = 58;

export const netstat: CollectorModule = {
  name: 'netstat',
  create(host, series) {
    const tables = ['net/netstat', 'net/snmp'].map((path) => ({
      file: host.proc(path),
      sections: new KeyedRows<Section>({ create: (protocol) => new Section(series, protocol) }),
    }));
    const snmp6 = host.proc('net/snmp6');
    const fields6 = new KeyedValues(series, (key) => {
      const parts = /^(Ip6|Icmp6|Udp6|UdpLite6)(.+)$/.exec(key);
      return parts ? metricOf(`${parts[1]}_${parts[2]}`) : undefined;
    });
    return {
      collect() {
        for (const { file, sections } of tables) collectTable(file.scan(), sections);
        // Missing where IPv6 is switched off.
        const scan = snmp6.tryScan();
        if (scan !== undefined) fields6.collect(scan);
      },
    };
  },
};

function collectTable(scan: ByteScanner, sections: KeyedRows<Section>): void {
  sections.begin();
  while (!scan.atEnd) {
    const section = scan.token(COLON) ? sections.at(scan) : undefined;
    if (section === undefined) scan.nextLine();
    else section.collect(scan);
  }
}

/** A header line with the names of the fields, followed by a line with their values. */
class Section {
  readonly #series: SeriesGroup;
  readonly #protocol: string;
  #header: Buffer = Buffer.alloc(0);
  #slots: readonly (Slot | null)[] = [];
  /** Fields after the last wanted one are not even parsed. */
  #wantedEnd = 0;

  constructor(series: SeriesGroup, protocol: string) {
    this.#series = series;
    this.#protocol = protocol;
  }

  /** Begins behind the header's `Name:`, ends at the start of the line after the values. */
  collect(scan: ByteScanner): void {
    const { position } = scan;
    const end = scan.lineEnd();
    if (!this.#sameHeader(scan.bytes, position, end)) this.#learn(scan.bytes, position, end);
    scan.nextLine();
    scan.token(COLON);
    for (let field = 0; field < this.#wantedEnd; field++) {
      const slot = this.#slots[field];
      if (slot === null || slot === undefined) scan.token();
      else this.#series.set(slot, scan.number());
    }
    scan.nextLine();
  }

  #sameHeader(bytes: Buffer, start: number, end: number): boolean {
    return (
      this.#header.length === end - start &&
      bytes.compare(this.#header, 0, this.#header.length, start, end) === 0
    );
  }

  #learn(bytes: Buffer, start: number, end: number): void {
    for (const slot of this.#slots) if (slot !== null) this.#series.release(slot);
    this.#header = Buffer.from(bytes.subarray(start, end));
    this.#slots = this.#header
      .toString()
      .trim()
      .split(/\s+/)
      .map((field) => {
        const spec = metricOf(`${this.#protocol}_${field}`);
        return spec === undefined ? null : this.#series.define(spec);
      });
    this.#wantedEnd = this.#slots.findLastIndex((slot) => slot !== null) + 1;
  }
}

function metricOf(field: string): MetricSpec | undefined {
  if (!WANTED.test(field)) return undefined;
  return {
    name: `node_netstat_${field}`,
    type: 'unknown',
    help: `Protocol counter ${field.replace('_', ' ')}.`,
  };
}
