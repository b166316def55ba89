/** `nowcast tail EXPR` for pipes: one line a sample, as text or as JSON. */
import type { LiveSeries, SubscriptionEvent } from '@nowcast/client';
import { formatValue, isStaleMarker } from '@nowcast/model';
import { toWireValue } from '@nowcast/protocol';
import { printable } from '../text-width.ts';

export interface LineOptions {
  readonly json: boolean;
  /** Also samples whose value is the one before. */
  readonly all: boolean;
}

export function formatEvent(event: SubscriptionEvent, options: LineOptions): string {
  if (event.type !== 'samples') return '';
  let lines = '';
  const format = options.json ? formatJson : formatText;
  event.batch.forEach((series, timeMs, value, changed) => {
    if (changed || options.all) lines += `${format(series, timeMs, value)}\n`;
  });
  return lines;
}

function formatText(series: LiveSeries, timeMs: number, value: number): string {
  const shown = isStaleMarker(value) ? 'ended' : formatValue(value);
  return `${new Date(timeMs).toISOString()}  ${printable(series.labels.toString())}  ${shown}`;
}

function formatJson(series: LiveSeries, timeMs: number, value: number): string {
  const time = new Date(timeMs).toISOString();
  return JSON.stringify({
    timeMs,
    time,
    labels: series.labels.toRecord(),
    value: toWireValue(value),
  });
}
