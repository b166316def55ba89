import * as v from 'valibot';
import { countSchema, timeMsSchema } from '../fields/scalars.ts';
import { labelsSchema } from '../fields/series.ts';
import { wireValueSchema, type WireValue } from '../fields/value.ts';

export type AlertSeverity = 'info' | 'warning' | 'critical';
export type AlertPhase = 'pending' | 'firing' | 'resolved';

/** One alert as it stands now. */
export interface Alert {
  /** Equal for the same condition on the same labels, also across restarts of the hub. */
  readonly id: string;
  /** Names the condition, for example `disk-full`; its texts stand in the condition catalogue. */
  readonly condition: string;
  readonly severity: AlertSeverity;
  readonly state: AlertPhase;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: WireValue;
  /** Unit of `value`: `ratio`, `bytes`, `seconds`, `celsius`, `per_second`, `count`. */
  readonly unit: string;
  /** When the state was entered. */
  readonly sinceMs: number;
  /** Time of the sample behind `value`. */
  readonly updatedMs: number;
  /** When what the condition warns of is expected to happen, where it can be foretold. */
  readonly expectedMs?: number | undefined;
}

/** Hub → client: the alert lane. Never merged with or held up by updates. */
export interface Alerts {
  readonly type: 'alerts';
  /** 1, 2, 3 … within the session. */
  readonly seq: number;
  /** True: these are all alerts, forget what was known. False: these changed. */
  readonly snapshot: boolean;
  readonly alerts: readonly Alert[];
}

const alertSchema: v.GenericSchema<unknown, Alert> = v.object({
  id: v.string(),
  condition: v.string(),
  severity: v.picklist(['info', 'warning', 'critical']),
  state: v.picklist(['pending', 'firing', 'resolved']),
  labels: labelsSchema,
  value: wireValueSchema,
  unit: v.string(),
  sinceMs: timeMsSchema,
  updatedMs: timeMsSchema,
  expectedMs: v.optional(timeMsSchema),
});

export const alertsSchema: v.GenericSchema<unknown, Alerts> = v.object({
  type: v.literal('alerts'),
  seq: countSchema,
  snapshot: v.boolean(),
  alerts: v.array(alertSchema),
});
