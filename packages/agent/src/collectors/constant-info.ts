/** Facts that hardly ever change become series whose value is always 1 and whose labels say it. */
import type { LabelRecord } from '@nowcast/model';
import type { Collector } from '../collector.ts';
import type { MetricSpec, SeriesGroup, Slot } from '../series-group.ts';

export interface Fact {
  readonly spec: MetricSpec;
  readonly labels?: LabelRecord | undefined;
  /** 1 when missing. */
  readonly value?: number | undefined;
}

const REFRESH_MS = 60_000;

/** A collector that asks for its facts once a minute and repeats them in between. */
export function constantCollector(series: SeriesGroup, facts: () => readonly Fact[]): Collector {
  let slots: readonly { slot: Slot; value: number }[] = [];
  let key = '';
  let askedAtMs = -Infinity;
  return {
    collect(nowMs) {
      if (Math.abs(nowMs - askedAtMs) >= REFRESH_MS) {
        const found = facts();
        askedAtMs = nowMs;
        const newKey = JSON.stringify(found);
        if (newKey !== key) {
          key = newKey;
          for (const { slot } of slots) series.release(slot);
          slots = found.map(({ spec, labels, value }) => ({
            slot: series.define(spec, labels),
            value: value ?? 1,
          }));
        }
      }
      for (const { slot, value } of slots) series.set(slot, value);
    },
  };
}
