/** Batteries, chargers and mains, from `/sys/class/power_supply`. */
import type { CollectorModule } from '../collector.ts';
import { attributeDevice, DeviceSet, NumberAttribute, type Device } from '../devices.ts';
import type { Host } from '../host.ts';
import { gauge, type SeriesGroup, type Slot } from '../series-group.ts';

const CLASS = 'class/power_supply';
const LIST_MS = 30_000;
const INFO_MS = 10_000;

/** Metric by file, in groups that share a divisor. */
const FILES: readonly {
  readonly divisor: number;
  readonly names: Readonly<Record<string, string>>;
}[] = [
  {
    divisor: 1,
    names: {
      authentic: 'authentic',
      calibrate: 'calibrate',
      capacity: 'capacity',
      capacity_alert_max: 'capacity_alert_max',
      capacity_alert_min: 'capacity_alert_min',
      cycle_count: 'cyclecount',
      online: 'online',
      present: 'present',
      time_to_empty_now: 'time_to_empty_seconds',
      time_to_full_now: 'time_to_full_seconds',
    },
  },
  {
    divisor: 1e6,
    names: {
      current_boot: 'current_boot',
      current_max: 'current_max',
      current_now: 'current_ampere',
      energy_empty: 'energy_empty',
      energy_empty_design: 'energy_empty_design',
      energy_full: 'energy_full',
      energy_full_design: 'energy_full_design',
      energy_now: 'energy_watthour',
      voltage_boot: 'voltage_boot',
      voltage_max: 'voltage_max',
      voltage_max_design: 'voltage_max_design',
      voltage_min: 'voltage_min',
      voltage_min_design: 'voltage_min_design',
      voltage_now: 'voltage_volt',
      voltage_ocv: 'voltage_ocv',
      charge_control_limit: 'charge_control_limit',
      charge_control_limit_max: 'charge_control_limit_max',
      charge_counter: 'charge_counter',
      charge_empty: 'charge_empty',
      charge_empty_design: 'charge_empty_design',
      charge_full: 'charge_full',
      charge_full_design: 'charge_full_design',
      charge_now: 'charge_ampere',
      charge_term_current: 'charge_term_current',
      constant_charge_current: 'constant_charge_current',
      constant_charge_current_max: 'constant_charge_current_max',
      constant_charge_voltage: 'constant_charge_voltage',
      constant_charge_voltage_max: 'constant_charge_voltage_max',
      precharge_current: 'precharge_current',
      input_current_limit: 'input_current_limit',
      power_now: 'power_watt',
    },
  },
  {
    divisor: 10,
    names: {
      temp: 'temp_celsius',
      temp_alert_max: 'temp_alert_max_celsius',
      temp_alert_min: 'temp_alert_min_celsius',
      temp_ambient: 'temp_ambient_celsius',
      temp_ambient_alert_max: 'temp_ambient_max_celsius',
      temp_ambient_alert_min: 'temp_ambient_min_celsius',
      temp_max: 'temp_max_celsius',
      temp_min: 'temp_min_celsius',
    },
  },
];

const TEXTS = [
  'capacity_level',
  'charge_type',
  'health',
  'manufacturer',
  'model_name',
  'serial_number',
  'status',
  'technology',
  'type',
  'usb_type',
  'scope',
] as const;

const INFO = gauge('node_power_supply_info', 'What a power supply is and does; always 1.');

export const powerSupply: CollectorModule = {
  name: 'powersupplyclass',
  create(host, series) {
    const supplies = new DeviceSet({
      refreshMs: LIST_MS,
      list: () => host.sysNames(CLASS),
      open: (name) => openSupply(host, series, name),
    });
    return { collect: (nowMs) => void supplies.sample(nowMs) };
  },
};

function openSupply(host: Host, series: SeriesGroup, name: string): Device {
  const present = new Set(host.sysNames(`${CLASS}/${name}`));
  const numbers = attributeDevice(
    FILES.flatMap(({ divisor, names }) =>
      Object.entries(names)
        .filter(([file]) => present.has(file))
        .map(([file, metric]) => {
          const spec = gauge(`node_power_supply_${metric}`, `Power supply: ${file}.`);
          return new NumberAttribute(
            host.sys(`${CLASS}/${name}/${file}`),
            { series, slot: series.define(spec, { power_supply: name }) },
            (value) => value / divisor,
          );
        }),
    ),
  );
  let info: Slot | undefined;
  let infoKey = '';
  let infoAtMs = -Infinity;
  return {
    sample(nowMs) {
      numbers.sample(nowMs);
      if (Math.abs(nowMs - infoAtMs) >= INFO_MS) {
        infoAtMs = nowMs;
        const labels = Object.fromEntries(
          TEXTS.map((text) => [text, host.sysText(`${CLASS}/${name}/${text}`) ?? '']),
        );
        const key = Object.values(labels).join('\n');
        if (key !== infoKey || info === undefined) {
          if (info !== undefined) series.release(info);
          info = series.define(INFO, { power_supply: name, ...labels });
          infoKey = key;
        }
      }
      series.set(info as Slot, 1);
    },
    close() {
      numbers.close();
      if (info !== undefined) series.release(info);
    },
  };
}
