/** Hardware sensors: temperatures, fans, voltages, currents, power, from `/sys/class/hwmon`. */
import { realpathSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { noData, type CollectorModule } from '../collector.ts';
import { attributeDevice, DeviceSet, NumberAttribute, type Device } from '../devices.ts';
import type { Host } from '../host.ts';
import { gauge, type SeriesGroup, type Slot } from '../series-group.ts';
import { sensorMetric } from './hwmon-metric.ts';

const CLASS = 'class/hwmon';
const LIST_MS = 30_000;
const SENSOR_FILE =
  /^(vrm|beep_enable|update_interval|in|cpu|fan|pwm|temp|curr|power|energy|humidity|intrusion|freq)(\d*)(?:_(.+))?$/;

const CHIP_NAMES = gauge('node_hwmon_chip_names', 'The name a chip gives itself; always 1.');
const SENSOR_LABEL = gauge('node_hwmon_sensor_label', 'The label of a sensor; always 1.');

interface Sensor {
  readonly kind: string;
  /** File by property; the property of a bare `pwm1` is empty. */
  readonly files: Map<string, string>;
}

export const hwmon: CollectorModule = {
  name: 'hwmon',
  create(host, series) {
    const chips = new DeviceSet({
      refreshMs: LIST_MS,
      list: () => host.sysNames(CLASS),
      open: (name) => openChip(host, series, `${CLASS}/${name}`),
    });
    return {
      collect(nowMs) {
        if (chips.sample(nowMs) === 0) throw noData('/sys/class/hwmon');
      },
    };
  },
};

function openChip(host: Host, series: SeriesGroup, folder: string): Device {
  const chip = chipName(host, folder);
  const constants: Slot[] = [];
  const name = clean(host.sysText(`${folder}/name`) ?? '');
  if (name !== '') constants.push(series.define(CHIP_NAMES, { chip, chip_name: name }));
  const attributes: NumberAttribute[] = [];
  for (const [sensor, { kind, files }] of findSensors(host, folder)) {
    const label = labelOf(host, files);
    if (label !== '') constants.push(series.define(SENSOR_LABEL, { chip, sensor, label }));
    for (const [property, path] of files) {
      if (property === 'label') continue;
      const { spec, convert } = sensorMetric(kind, property, files.has(''));
      const slot = series.define(spec, { chip, sensor });
      attributes.push(new NumberAttribute(host.sys(path), { series, slot }, convert));
    }
  }
  const numbers = attributeDevice(attributes);
  return {
    sample(nowMs) {
      numbers.sample(nowMs);
      for (const slot of constants) series.set(slot, 1);
    },
    close() {
      numbers.close();
      for (const slot of constants) series.release(slot);
    },
  };
}

function findSensors(host: Host, folder: string): Map<string, Sensor> {
  const sensors = new Map<string, Sensor>();
  // Older drivers keep their files beside the class device, in the device itself.
  for (const place of [folder, `${folder}/device`])
    for (const file of host.sysNames(place)) {
      const parts = SENSOR_FILE.exec(file);
      if (!parts) continue;
      const [, kind = '', number = '', property = ''] = parts;
      const sensor = `${kind}${Number(number)}`;
      const found = sensors.get(sensor) ?? { kind, files: new Map<string, string>() };
      found.files.set(property, `${place}/${file}`);
      sensors.set(sensor, found);
    }
  return sensors;
}

function labelOf(host: Host, files: Map<string, string>): string {
  const path = files.get('label');
  return path === undefined ? '' : (host.sysText(path) ?? '');
}

/** Stable across reboots where it can be: made of the bus and the device, since numbers depend on load order. */
function chipName(host: Host, folder: string): string {
  const path = `${host.paths.sysPath}/${folder}`;
  const device = realPath(`${path}/device`);
  if (device !== undefined) {
    const name = clean(basename(device));
    const bus = clean(basename(dirname(device)));
    if (name !== '') return bus === '' ? name : `${bus}_${name}`;
  }
  const own = clean(host.sysText(`${folder}/name`) ?? '');
  return own === '' ? clean(basename(realPath(path) ?? path)) : own;
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function clean(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9:_]/g, '_')
    .replaceAll(/^_+|_+$/g, '');
}
