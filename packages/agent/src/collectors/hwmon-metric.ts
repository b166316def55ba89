import { counter, gauge, type MetricSpec } from '../series-group.ts';

export interface SensorMetric {
  readonly spec: MetricSpec;
  readonly convert: (value: number) => number;
}

const plain = (value: number): number => value;
const milli = (value: number): number => value * 0.001;
const micro = (value: number): number => value / 1_000_000;

/**
 * Name and unit of one property of a sensor, as node_exporter gives them. `hasBare` says that the sensor
 * also has a file without a property, which then takes the name that `input` would have.
 */
export function sensorMetric(kind: string, property: string, hasBare: boolean): SensorMetric {
  const whole = WHOLE[kind];
  if (whole !== undefined) return whole;
  const name = `node_hwmon_${kind}${suffixOf(property, hasBare)}`;
  const help = `Hardware sensor: ${kind} ${property}.`;
  if (property === 'fault' || property === 'alarm')
    return { spec: gauge(name, help), convert: plain };
  if (property === 'beep') return { spec: gauge(`${name}_enabled`, help), convert: plain };
  const { unit, convert } = unitOf(kind, property);
  if (kind === 'energy') return { spec: counter(`${name}${unit}`, help), convert };
  return { spec: gauge(`${name}${unit}`, help), convert };
}

const WHOLE: Readonly<Record<string, SensorMetric>> = {
  beep_enable: {
    spec: gauge('node_hwmon_beep_enabled', 'Whether the chip may beep.'),
    convert: (value) => (value === 1 ? 1 : 0),
  },
  vrm: {
    spec: gauge('node_hwmon_voltage_regulator_version', 'Version of the voltage regulator.'),
    convert: plain,
  },
  update_interval: {
    spec: gauge('node_hwmon_update_interval_seconds', 'How often the chip measures.'),
    convert: milli,
  },
};

const FAN_SPEEDS = new Set(['input', 'min', 'max', 'target']);

function suffixOf(property: string, hasBare: boolean): string {
  if (property === 'input') return hasBare ? '_input' : '';
  return property === '' ? '' : `_${property.toLowerCase().replaceAll(/[^a-z0-9:_]/g, '_')}`;
}

interface Unit {
  readonly unit: string;
  readonly convert: (value: number) => number;
}

function unitOf(kind: string, property: string): Unit {
  switch (kind) {
    case 'in':
    case 'cpu':
      return { unit: '_volts', convert: milli };
    case 'temp':
      return property === 'type'
        ? { unit: '', convert: plain }
        : { unit: '_celsius', convert: milli };
    case 'curr':
      return { unit: '_amps', convert: milli };
    case 'energy':
      return { unit: '_joule_total', convert: micro };
    case 'humidity':
      return { unit: '', convert: micro };
    case 'freq':
      return { unit: '_freq_mhz', convert: micro };
    case 'power':
      if (property === 'accuracy') return { unit: '', convert: micro };
      return property.startsWith('average_interval')
        ? { unit: '_seconds', convert: milli }
        : { unit: '_watt', convert: micro };
    case 'fan':
      return { unit: FAN_SPEEDS.has(property) ? '_rpm' : '', convert: plain };
    default:
      return { unit: '', convert: plain };
  }
}
