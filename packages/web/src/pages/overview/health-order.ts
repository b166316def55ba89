import type { LiveAlert } from '@nowcast/client';
import type { HealthState } from '../../state/overview.ts';

/** Alerts of one host by what they mean to a reader; the most urgent first. */
export interface HealthGroups {
  /** Wrong at this moment. */
  readonly now: readonly LiveAlert[];
  /** Foretold, or building up. */
  readonly soon: readonly LiveAlert[];
  /** Ended lately. */
  readonly over: readonly LiveAlert[];
}

const RANK = { critical: 0, warning: 1, info: 2 } as const;

/** Alerts without an `instance` concern the hub itself and belong to every host's view. */
export function healthGroups(health: HealthState, instance: string | undefined): HealthGroups {
  const mine = (alert: LiveAlert): boolean => {
    const of = alert.labels['instance'];
    return of === undefined || of === instance;
  };
  const current = health.current.filter(mine).sort(byUrgency);
  const soon = (alert: LiveAlert): boolean =>
    alert.state === 'pending' || alert.expectedMs !== undefined;
  return {
    now: current.filter((alert) => !soon(alert)),
    soon: current.filter(soon),
    over: health.over.filter(mine),
  };
}

function byUrgency(a: LiveAlert, b: LiveAlert): number {
  return RANK[a.severity] - RANK[b.severity] || a.sinceMs - b.sinceMs;
}
