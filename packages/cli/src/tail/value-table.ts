/** The live table of `nowcast tail EXPR`: one row a series, drawn from what the subscription told so far. */
import type { ConnectionStatus, LiveSeries, SubscriptionEvent } from '@nowcast/client';
import { compareLabels } from '@nowcast/model';
import type { TextStyle } from '../text-style.ts';
import { padEnd, padStart, truncate, widthOf } from '../text-width.ts';
import { formatAge, formatNumber } from './number-text.ts';
import { distinguish } from './series-name.ts';
import { sparkline } from './sparkline.ts';
import { formatStatus } from './status-text.ts';

const SPARK_WIDTH = 24;
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

export class ValueTable {
  readonly #style: TextStyle;
  /** The newest values of each series, for its sparkline. */
  readonly #rows = new Map<LiveSeries, number[]>();

  constructor(style: TextStyle) {
    this.#style = style;
  }

  apply(event: SubscriptionEvent): void {
    if (event.type === 'joined') for (const one of event.series) this.#rows.set(one, []);
    if (event.type === 'left') for (const one of event.series) this.#rows.delete(one);
    if (event.type === 'samples')
      event.batch.forEach((series, _timeMs, value) => {
        const values = this.#rows.get(series);
        values?.push(value);
        if (values && values.length > SPARK_WIDTH) values.shift();
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

  #body(
    rows: readonly (readonly [LiveSeries, readonly number[]])[],
    names: readonly string[],
    view: TableView,
  ): string[] {
    const { dim } = this.#style;
    const values = rows.map(([series]) => formatNumber(series.lastValue, series.unit));
    const valueWidth = Math.max(...values.map(widthOf), 0);
    const nameRoom = view.columns - valueWidth - SPARK_WIDTH - AGE_WIDTH - 6;
    const nameWidth = Math.min(Math.max(8, nameRoom), Math.max(...names.map(widthOf), 0));
    return rows.map(([series, history], at) => {
      const ageMs = view.nowMs - series.lastMs;
      const name = padEnd(truncate(names[at] ?? '', nameWidth), nameWidth);
      const value = padStart(values[at] ?? '', valueWidth);
      const age = Number.isNaN(ageMs) ? '' : formatAge(ageMs);
      const isStale = !(ageMs < STALE_MS);
      const spark = this.#style.cyan(sparkline(history, SPARK_WIDTH));
      return `${name}  ${isStale ? dim(value) : this.#style.bold(value)}  ${spark}  ${dim(padStart(age, AGE_WIDTH))}`;
    });
  }
}
