import type { Signal } from '@preact/signals';
import type { ChartModel } from '../derive/chart-model.ts';
import { format } from '../i18n/language.ts';
import { readingTime } from './chart-keys.ts';
import type { ChartStyle } from './chart-style.ts';
import { cursorMs } from './cursor.ts';
import type { Feed, ViewRange } from './feed.ts';
import type { Palette } from './palette.ts';
import { Plot, type PlotTexts } from './plot.ts';
import type { TooltipPlace } from './tooltip.tsx';

export interface MountOptions {
  readonly element: HTMLElement;
  readonly feed: Feed<ChartModel>;
  readonly style: ChartStyle;
  readonly height: number;
  readonly palette: Palette;
  readonly place: Signal<TooltipPlace | undefined>;
}

/**
 * Keeps a plot in an element: made when width and lines are known, made anew when the lines change. It also
 * decides who leads the cursor that all charts share: the chart under the pointer, or the one read by keys.
 */
export class MountedChart {
  readonly #options: MountOptions;
  readonly #observer: ResizeObserver;
  readonly #stop: () => void;
  #plot: Plot | undefined;
  #widthPx = 0;
  #drawnLines = '';
  #leads = false;
  /** The moment read by keys: it stays while the picture moves on. */
  #readMs: number | undefined;
  /** True while this chart moves its own cursor; otherwise it was moved by the pointer or by another chart. */
  #placing = false;

  constructor(options: MountOptions) {
    this.#options = options;
    this.#stop = options.feed.listen((model, range) => this.#show(model, range));
    this.#observer = new ResizeObserver(([entry]) =>
      this.#resize(Math.floor(entry?.contentRect.width ?? 0)),
    );
    this.#observer.observe(options.element);
  }

  /** A key was pressed while the chart has the focus. */
  readWithKey(event: KeyboardEvent): void {
    const model = this.#options.feed.picture.peek();
    if (model === undefined) return;
    if (event.key === 'Escape' && this.#readMs !== undefined) {
      event.stopPropagation();
      this.leave();
      return;
    }
    const timeMs = readingTime(event, model.timesMs, this.#readMs);
    if (timeMs === undefined) return;
    event.preventDefault();
    this.#readMs = timeMs;
    this.#placeCursor(timeMs);
  }

  /** Takes the cursor away, where this chart put it. */
  leave(): void {
    if (this.#readMs === undefined) return;
    this.#readMs = undefined;
    this.#placeCursor(undefined);
  }

  close(): void {
    this.#observer.disconnect();
    this.#stop();
    this.#discard();
  }

  #show(model: ChartModel, range: ViewRange): void {
    const lines = model.lines.map(({ id }) => id).join('\n');
    if (lines !== this.#drawnLines) this.#discard();
    this.#drawnLines = lines;
    if (this.#widthPx === 0 || lines === '') return;
    const { element, style, palette, height } = this.#options;
    if (this.#plot === undefined) markFirstChart();
    this.#plot ??= new Plot(element, model, {
      style,
      palette,
      width: this.#widthPx,
      height,
      texts: axisTexts(style),
      onCursor: (timeMs, leftPx) => this.#cursorMoved(timeMs, leftPx),
    });
    this.#placing = true;
    this.#plot.show(model, range);
    this.#placing = false;
    if (this.#readMs !== undefined) this.#placeCursor(this.#readMs);
  }

  #resize(widthPx: number): void {
    if (widthPx === this.#widthPx || widthPx === 0) return;
    this.#widthPx = widthPx;
    if (this.#plot === undefined) this.#options.feed.refresh();
    else this.#plot.resize(widthPx, this.#options.height);
  }

  #placeCursor(timeMs: number | undefined): void {
    this.#placing = true;
    this.#plot?.pointAt(timeMs);
    this.#placing = false;
  }

  #cursorMoved(timeMs: number | undefined, leftPx: number): void {
    const { element, place } = this.#options;
    if (!this.#placing) this.#readMs = undefined;
    const spoken = this.#readMs !== undefined;
    if (timeMs !== undefined && (spoken || element.matches(':hover'))) {
      this.#leads = true;
      const shownMs = this.#readMs ?? timeMs;
      cursorMs.value = shownMs;
      place.value = { timeMs: shownMs, leftPx, widthPx: this.#widthPx, spoken };
    } else if (this.#leads) {
      this.#leads = false;
      place.value = undefined;
      if (timeMs === undefined) cursorMs.value = undefined;
    }
  }

  #discard(): void {
    this.#plot?.destroy();
    this.#plot = undefined;
  }
}

const FIRST_CHART = 'nowcast:first-chart';

/** Shows in the browser's performance timeline how long the page took to show something true. */
function markFirstChart(): void {
  if (performance.getEntriesByName(FIRST_CHART).length === 0) performance.mark(FIRST_CHART);
}

function axisTexts(style: ChartStyle): PlotTexts {
  const { axis, clock, day, minute } = format.peek();
  // Which half of the day it is need not be said at every tick of a chart of minutes.
  const short = (text: string): string => text.replace(/\s?[AP]M$/i, '');
  return {
    axisValue: (value) => axis(style.kind === 'mirror' ? Math.abs(value) : value, style.unit),
    axisTime: (timeMs) => {
      const date = new Date(timeMs);
      if (date.getHours() + date.getMinutes() + date.getSeconds() === 0) return day(timeMs);
      return short(timeMs % 60_000 === 0 ? minute(timeMs) : clock(timeMs));
    },
  };
}
