import type { CollectorModule } from '../collector.ts';
import { gauge } from '../series-group.ts';
import { constantCollector, type Fact } from './constant-info.ts';

const ENABLED = gauge('node_selinux_enabled', 'Whether SELinux is on.');
const CURRENT = gauge('node_selinux_current_mode', 'Mode now: 1 enforcing, 0 permissive.');
const CONFIGURED = gauge(
  'node_selinux_config_mode',
  'Mode after the next start: 1 enforcing, 0 permissive, -1 disabled.',
);
const MODES: Readonly<Record<string, number>> = { enforcing: 1, permissive: 0, disabled: -1 };

/** Whether and how SELinux is enforced. */
export const selinux: CollectorModule = {
  name: 'selinux',
  create(host, series) {
    return constantCollector(series, () => {
      const enforce = host.sysText('fs/selinux/enforce');
      if (enforce === undefined) return [{ spec: ENABLED, value: 0 }];
      const facts: Fact[] = [
        { spec: ENABLED, value: 1 },
        { spec: CURRENT, value: Number(enforce) },
      ];
      const config = /^\s*SELINUX=(\w+)/m.exec(host.rootText('/etc/selinux/config') ?? '');
      const mode = MODES[config?.[1] ?? 'disabled'];
      if (mode !== undefined) facts.push({ spec: CONFIGURED, value: mode });
      return facts;
    });
  },
};
