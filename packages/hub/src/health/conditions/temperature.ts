import { isStaleMarker, type LabelSet } from '@nowcast/model';
import type { AlertTracker } from '../alert-tracker.ts';
import type { Condition, ConditionContext, ConditionEvaluator, Probe } from '../condition.ts';

/** Below the temperature the maker calls critical. */
const MARGIN_CELSIUS = 5;
const HYSTERESIS_CELSIUS = 5;

const CRITICAL_METRIC = 'node_hwmon_temp_crit_celsius';

/** Sensors near the temperature their maker calls critical, or above the configured one where none is stated. */
export const temperatureCondition: Condition = {
  metrics: ['node_hwmon_temp_celsius', CRITICAL_METRIC, 'node_thermal_zone_temp'],
  create: (context) => new TemperatureEvaluator(context),
};

interface Sensor {
  celsius: number;
  criticalCelsius: number;
  readonly tracker: AlertTracker;
}

class TemperatureEvaluator implements ConditionEvaluator {
  readonly #context: ConditionContext;
  readonly #sensors = new Map<string, Sensor>();

  constructor(context: ConditionContext) {
    this.#context = context;
  }

  probe(labels: LabelSet): Probe {
    const parts = ['chip', 'sensor', 'type', 'zone'].map((name) => labels.get(name));
    const name = parts.filter((part) => part !== '').join(' ');
    const isLimit = labels.metric === CRITICAL_METRIC;
    return (timeMs, value) => {
      if (isStaleMarker(value)) {
        this.#sensors.get(name)?.tracker.end(timeMs);
        this.#sensors.delete(name);
        return;
      }
      const sensor = this.#sensorOf(name);
      if (isLimit) sensor.criticalCelsius = value;
      else sensor.celsius = value;
    };
  }

  evaluate(timeMs: number): void {
    const { temperatureCelsius } = this.#context.tuning;
    for (const { celsius, criticalCelsius, tracker } of this.#sensors.values()) {
      if (Number.isNaN(celsius)) continue;
      const stated = criticalCelsius > 0;
      const limit = stated ? criticalCelsius - MARGIN_CELSIUS : temperatureCelsius;
      const verdict =
        stated && celsius >= criticalCelsius
          ? 'critical'
          : celsius >= limit
            ? 'warning'
            : celsius < limit - HYSTERESIS_CELSIUS
              ? 'clear'
              : 'between';
      tracker.update({ timeMs, value: celsius, verdict });
    }
  }

  #sensorOf(name: string): Sensor {
    let sensor = this.#sensors.get(name);
    if (sensor === undefined) {
      const options = {
        labels: { sensor: name },
        forMs: this.#context.tuning.temperatureForMs,
      };
      const tracker = this.#context.track('temperature-high', 'celsius', options);
      sensor = { celsius: NaN, criticalCelsius: NaN, tracker };
      this.#sensors.set(name, sensor);
    }
    return sensor;
  }
}
