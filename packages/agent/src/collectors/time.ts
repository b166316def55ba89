import type { CollectorModule } from '../collector.ts';
import type { Host } from '../host.ts';
import { gauge } from '../series-group.ts';
import { constantCollector, type Fact } from './constant-info.ts';
import { zoneAbbreviation } from './time-zone.ts';

const SECONDS = gauge('node_time_seconds', 'The clock of the machine, Unix time.');
const ZONE = gauge('node_time_zone_offset_seconds', 'Distance of local time from UTC.');
const AVAILABLE = gauge('node_time_clocksource_available_info', 'A clock source; always 1.');
const CURRENT = gauge('node_time_clocksource_current_info', 'The clock source in use; always 1.');
const SOURCES = 'devices/system/clocksource';

/** The clock as it is read, its zone and its source. */
export const time: CollectorModule = {
  name: 'time',
  create(host, series) {
    const seconds = series.define(SECONDS);
    const constants = constantCollector(series, () => [
      timeZone(host),
      ...host
        .sysNames(SOURCES)
        .filter((name) => /^clocksource\d+$/.test(name))
        .flatMap((name) => {
          const device = name.slice('clocksource'.length);
          const sources = (file: string): string[] =>
            (host.sysText(`${SOURCES}/${name}/${file}`) ?? '').split(' ').filter(Boolean);
          const info = (spec: Fact['spec']) => (clocksource: string) => ({
            spec,
            labels: { device, clocksource },
          });
          return [
            ...sources('available_clocksource').map(info(AVAILABLE)),
            ...sources('current_clocksource').map(info(CURRENT)),
          ];
        }),
    ]);
    return {
      collect(nowMs) {
        series.set(seconds, nowMs / 1000);
        constants.collect(nowMs);
      },
    };
  },
};

function timeZone(host: Host): Fact {
  // Minutes west of UTC, the other way round; the sum turns −0 into 0.
  const offsetSeconds = -new Date().getTimezoneOffset() * 60 + 0;
  const file = host.rootBytes(zonePath());
  const name = file === undefined ? undefined : zoneAbbreviation(file, offsetSeconds);
  return {
    spec: ZONE,
    labels: { time_zone: name ?? (offsetSeconds === 0 ? 'UTC' : 'Local') },
    value: offsetSeconds,
  };
}

function zonePath(): string {
  const name = process.env['TZ']?.replace(/^:/, '');
  if (name === undefined || name === '') return '/etc/localtime';
  return name.startsWith('/') ? name : `/usr/share/zoneinfo/${name}`;
}
