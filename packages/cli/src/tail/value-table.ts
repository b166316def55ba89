/** The live table of `nowcast tail EXPR`: one row a series, drawn from what the subscription told so far. */
import type { ConnectionStatus, LiveSeries, SubscriptionEvent } from '@nowcast/client';
import { compareLabels } from '@nowcast/model';
import type { TextStyle } from '../text-style.ts';
import { padEnd, padStart, truncate, widthOf } from '../text-width.ts';
import { formatAge, formatNumber } from './number-text.ts';
import { SampleHistory } from './sample-history.ts';
import { distinguish } from './series-name.ts';
import { sparkline } from './sparkline.ts';
import { formatStatus } from './status-text.ts';

const SPARK_WIDTH = 24;
/** Where the terminal is narrow, names need the room more. */
const NARROW_COLUMNS = 90;
const SPARK_WIDTH_NARROW = 8;
const AGE_WIDTH = 5;
/** A value older than this is drawn dim: its series may have ended. */
const STALE_MS = 15_000;

export interface TableView {
  readonly query: string;
  readonly status: ConnectionStatus;
  /** The hub's clock. */
  readonly nowMs: number;
  readonly columns: number;
  readonly linesMax: number;
}

type Row = readonly [series: LiveSeries, history: SampleHistory];

export class ValueTable {
  readonly #style: TextStyle;
  readonly #rows = new Map<LiveSeries, SampleHistory>();

  constructor(style: TextStyle) {
    this.#style = style;
  }

  apply(event: SubscriptionEvent): void {
    if (event.type === 'joined')
      for (const one of event.series) this.#rows.set(one, new SampleHistory(one, SPARK_WIDTH));
    if (event.type === 'left') for (const one of event.series) this.#rows.delete(one);
    if (event.type === 'samples')
      event.batch.forEach((series, timeMs, value) => {
        this.#rows.get(series)?.push(timeMs, value);
      });
  }

  render(view: TableView): string[] {
    const rows = [...this.#rows].sort(([a], [b]) => compareLabels(a.labels, b.labels));
    const { common, names } = distinguish(rows.map(([series]) => series.labels));
    const head = this.#head(view, common === '' ? view.query : common, rows.length);
    const room = view.linesMax - head.length;
    const shown = rows.length <= room ? rows.length : room - 1;
    const lines = this.#body(rows.slice(0, shown), names, view);
    const rest = rows.length - shown;
    if (rest > 0) lines.push(this.#style.dim(`… and ${rest} more; a narrower selector shows them`));
    return [...head, ...lines];
  }

  #head(view: TableView, what: string, count: number): string[] {
    const status = formatStatus(view.status, view.nowMs, this.#style);
    const series = this.#style.dim(`${count} series`);
    return [`${status}  ${series}  ${this.#style.bold(truncate(what, view.columns - 30))}`, ''];
  }

  #body(rows: readonly Row[], names: readonly string[], view: TableView): string[] {
    const values = rows.map(([series]) => formatNumber(series.lastValue, series.unit));
    const rates = rows.map(([series, history]) => formatRate(history.perSecond, series.unit));
    const valueWidth = widest(values);
    const rateWidth = widest(rates);
    const sparkWidth = view.columns < NARROW_COLUMNS ? SPARK_WIDTH_NARROW : SPARK_WIDTH;
    const fixed = valueWidth + rateWidth + sparkWidth + AGE_WIDTH + (rateWidth > 0 ? 8 : 6);
    const nameWidth = Math.min(Math.max(8, view.columns - fixed), widest(names));
    return rows.map(([series, history], at) => {
      const ageMs = view.nowMs - series.lastMs;
      const cells = [
        padEnd(truncate(names[at] ?? '', nameWidth), nameWidth),
        this.#value(padStart(values[at] ?? '', valueWidth), ageMs),
        this.#style.cyan(sparkline(history.shape, sparkWidth)),
        this.#style.dim(padStart(Number.isNaN(ageMs) ? '' : formatAge(ageMs), AGE_WIDTH)),
      ];
      if (rateWidth > 0) cells.splice(2, 0, padStart(rates[at] ?? '', rateWidth));
      return cells.join('  ');
    });
  }

  #value(text: string, ageMs: number): string {
    return ageMs < STALE_MS ? this.#style.bold(text) : this.#style.dim(text);
  }
}

function formatRate(perSecond: number | undefined, unit: string | undefined): string {
  return perSecond === undefined ? '' : `+${formatNumber(perSecond, unit)}/s`;
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map(widthOf));
}
