import type { LiveAlert } from '@nowcast/client';
import { systemClock } from '@nowcast/std';
import type { LiveSource } from '../state/live-source.ts';
import { SimulatedSource } from './simulated-source.ts';

/**
 * Development without a hub, chosen in the address: `?simulate` alone for a machine that is well,
 * `&trouble` for one that is not, `&hosts=4` for several, `&cut` to lose the connection after a while.
 */
export function simulatedSource(parameters: URLSearchParams): LiveSource {
  const clock = systemClock;
  const source = new SimulatedSource({
    clock,
    hosts: Number(parameters.get('hosts') ?? 1),
    alerts: parameters.has('trouble') ? troubles(clock.nowMs()) : [],
  });
  if (parameters.has('cut'))
    clock.after(4_000, () => source.disconnect('the hub restarts', 20_000));
  return source;
}

function troubles(nowMs: number): readonly LiveAlert[] {
  const instance = 'atlas:9100';
  const common = { state: 'firing', updatedMs: nowMs } as const;
  return [
    {
      ...common,
      id: 'a',
      condition: 'cpu-saturation',
      severity: 'warning',
      labels: { instance },
      value: 0.93,
      unit: 'ratio',
      sinceMs: nowMs - 84_000,
    },
    {
      ...common,
      id: 'b',
      condition: 'disk-full',
      severity: 'critical',
      labels: { instance, mountpoint: '/var/lib/postgresql', device: '/dev/sda1' },
      value: 0.041,
      unit: 'ratio',
      sinceMs: nowMs - 3_900_000,
    },
    {
      ...common,
      id: 'c',
      condition: 'disk-filling',
      severity: 'warning',
      labels: { instance, mountpoint: '/var/lib/postgresql', device: '/dev/sda1' },
      value: 12.6e9,
      unit: 'bytes',
      sinceMs: nowMs - 600_000,
      expectedMs: nowMs + 11.4 * 3_600_000,
    },
  ];
}
