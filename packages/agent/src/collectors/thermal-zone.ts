import type { CollectorModule } from '../collector.ts';
import { attributeDevice, DeviceSet, NumberAttribute } from '../devices.ts';
import { gauge } from '../series-group.ts';

const TEMPERATURE = gauge('node_thermal_zone_temp', 'Temperature of a zone, degrees Celsius.');
const CURRENT = gauge('node_cooling_device_cur_state', 'How hard a cooling device works.');
const MAXIMUM = gauge('node_cooling_device_max_state', 'How hard it can work.');
const CLASS = 'class/thermal';
const LIST_MS = 30_000;

/** Temperature zones and cooling devices of the kernel. */
export const thermalZone: CollectorModule = {
  name: 'thermal_zone',
  create(host, series) {
    const type = (name: string): string => host.sysText(`${CLASS}/${name}/type`) ?? '';
    const zones = new DeviceSet({
      refreshMs: LIST_MS,
      list: () => host.sysNames(CLASS).filter((name) => /^thermal_zone\d+$/.test(name)),
      open: (name) =>
        new NumberAttribute(
          host.sys(`${CLASS}/${name}/temp`),
          {
            series,
            slot: series.define(TEMPERATURE, {
              zone: name.slice('thermal_zone'.length),
              type: type(name),
            }),
          },
          (millidegrees) => millidegrees / 1000,
        ),
    });
    const coolers = new DeviceSet({
      refreshMs: LIST_MS,
      list: () => host.sysNames(CLASS).filter((name) => /^cooling_device\d+$/.test(name)),
      open(name) {
        const labels = { name: name.slice('cooling_device'.length), type: type(name) };
        return attributeDevice(
          [CURRENT, MAXIMUM].map(
            (spec) =>
              new NumberAttribute(
                host.sys(`${CLASS}/${name}/${spec === CURRENT ? 'cur_state' : 'max_state'}`),
                { series, slot: series.define(spec, labels) },
              ),
          ),
        );
      },
    });
    return {
      collect(nowMs) {
        zones.sample(nowMs);
        coolers.sample(nowMs);
      },
    };
  },
};
