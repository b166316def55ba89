/**
 * What sysfs says about network devices: state of the link, addresses, settings. Many files cannot be
 * read while a link is down; they are asked again as soon as the state changes.
 */
import type { LabelRecord } from '@nowcast/model';
import type { CollectorModule } from '../collector.ts';
import { DeviceSet, NumberAttribute, type Device } from '../devices.ts';
import type { Host, HostFile } from '../host.ts';
import { counter, gauge, type MetricSpec, type SeriesGroup, type Slot } from '../series-group.ts';

interface AttributeSpec {
  readonly file: string;
  readonly spec: MetricSpec;
  readonly convert?: (value: number) => number;
}

const network = (name: string, file: string, help: string): AttributeSpec => ({
  file,
  spec: (name.endsWith('_total') ? counter : gauge)(`node_network_${name}`, help),
});

const ATTRIBUTES: readonly AttributeSpec[] = [
  network('address_assign_type', 'addr_assign_type', 'How the device got its address.'),
  network('carrier', 'carrier', 'Whether the link is connected.'),
  network('carrier_changes_total', 'carrier_changes', 'Times the link went up or down.'),
  network('carrier_up_changes_total', 'carrier_up_count', 'Times the link went up.'),
  network('carrier_down_changes_total', 'carrier_down_count', 'Times the link went down.'),
  network('device_id', 'dev_id', 'Tells devices apart that share an address.'),
  network('dormant', 'dormant', 'Whether the device waits for something outside.'),
  network('flags', 'flags', 'Flags of the device.'),
  network('iface_id', 'ifindex', 'Number of the device.'),
  network('iface_link', 'iflink', 'Number of the device below it.'),
  network('iface_link_mode', 'link_mode', 'Whether it may become dormant.'),
  network('mtu_bytes', 'mtu', 'Largest packet.'),
  network('name_assign_type', 'name_assign_type', 'How the device got its name.'),
  network('net_dev_group', 'netdev_group', 'Group of the device.'),
  network('protocol_type', 'type', 'Kind of link.'),
  network('transmit_queue_length', 'tx_queue_len', 'Packets the queue may hold.'),
  {
    ...network('speed_bytes', 'speed', 'Speed of the link, bytes per second; negative: unknown.'),
    convert: (megabits) => (megabits * 1e6) / 8,
  },
];

const UP = gauge('node_network_up', 'Whether the link is ready to carry packets.');
const INFO = gauge('node_network_info', 'Addresses and state of the device; always 1.');
const LIST_MS = 5_000;
const INFO_MS = 10_000;

export const netclass: CollectorModule = {
  name: 'netclass',
  create(host, series) {
    const devices = new DeviceSet({
      refreshMs: LIST_MS,
      // Other things than devices (bonding_masters) are files without an index.
      list: () =>
        host
          .sysNames('class/net')
          .filter((name) => host.sysText(`class/net/${name}/ifindex`) !== undefined),
      open: (name) => new NetworkDevice(host, series, name),
    });
    return { collect: (nowMs) => void devices.sample(nowMs) };
  },
};

class NetworkDevice implements Device {
  readonly #host: Host;
  readonly #series: SeriesGroup;
  readonly #name: string;
  readonly #attributes: readonly NumberAttribute[];
  readonly #state: HostFile;
  readonly #up: Slot;
  #info: Slot;
  #infoKey = '';
  #infoAtMs = -Infinity;
  #stateText = Buffer.from('unread');
  #isUp = 0;

  constructor(host: Host, series: SeriesGroup, name: string) {
    this.#host = host;
    this.#series = series;
    this.#name = name;
    this.#attributes = ATTRIBUTES.map(
      ({ file, spec, convert }) =>
        new NumberAttribute(
          host.sys(`class/net/${name}/${file}`),
          { series, slot: series.define(spec, { device: name }) },
          convert,
        ),
    );
    this.#state = host.sys(`class/net/${name}/operstate`);
    this.#up = series.define(UP, { device: name });
    this.#info = series.define(INFO, { device: name });
  }

  sample(nowMs: number): void {
    if (this.#stateChanged()) {
      this.#infoAtMs = -Infinity;
      for (const attribute of this.#attributes) attribute.retry();
    }
    if (Math.abs(nowMs - this.#infoAtMs) >= INFO_MS) this.#refreshInfo(nowMs);
    for (const attribute of this.#attributes) attribute.sample(nowMs);
    this.#series.set(this.#up, this.#isUp);
    this.#series.set(this.#info, 1);
  }

  close(): void {
    for (const attribute of this.#attributes) attribute.close();
    this.#state.close();
    this.#series.release(this.#up);
    this.#series.release(this.#info);
  }

  #stateChanged(): boolean {
    const scan = this.#state.tryScan();
    scan?.token();
    if (scan === undefined || scan.tokenIs(this.#stateText)) return false;
    const text = scan.tokenText();
    this.#stateText = Buffer.from(text);
    this.#isUp = text === 'up' ? 1 : 0;
    return true;
  }

  #refreshInfo(nowMs: number): void {
    this.#infoAtMs = nowMs;
    const text = (file: string): string =>
      this.#host.sysText(`class/net/${this.#name}/${file}`) ?? '';
    const labels: LabelRecord = {
      device: this.#name,
      address: text('address'),
      broadcast: text('broadcast'),
      duplex: text('duplex'),
      operstate: text('operstate'),
      ifalias: text('ifalias'),
    };
    const key = Object.values(labels).join('\n');
    if (key === this.#infoKey) return;
    this.#infoKey = key;
    this.#series.release(this.#info);
    this.#info = this.#series.define(INFO, labels);
  }
}
