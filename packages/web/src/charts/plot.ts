import uPlot from 'uplot';
import type { ChartModel } from '../derive/chart-model.ts';
import type { ViewRange } from './feed.ts';
import type { ChartStyle } from './chart-style.ts';
import { tint, type Palette } from './palette.ts';
import { gapsIn } from './gaps.ts';
import { gridlines, niceCeiling } from './scale.ts';
import { stacked } from './stack.ts';

export interface PlotTexts {
  readonly axisValue: (value: number) => string;
  readonly axisTime: (timeMs: number) => string;
}

export interface PlotOptions {
  readonly style: ChartStyle;
  readonly palette: Palette;
  readonly texts: PlotTexts;
  readonly width: number;
  readonly height: number;
  /** Time under the pointer, undefined when it left. */
  readonly onCursor: (timeMs: number | undefined, leftPx: number) => void;
}

const SYNC_KEY = 'overview';
const FONT = '11px ui-sans-serif, system-ui, "Noto Sans CJK SC", sans-serif';
/** Longest distance of two samples that a line still joins. */
const GAP_MS = 6_500;
/** The same for points that stand for a step: a single one missing is a gap. */
const STEPS_JOINED = 1.5;

/** A drawn chart: uPlot with our look. It owns no data; `show` is called once per frame at most. */
export class Plot {
  readonly #plot: uPlot;
  readonly #style: ChartStyle;
  #stepMs = 0;

  constructor(host: HTMLElement, model: ChartModel, options: PlotOptions) {
    this.#style = options.style;
    this.#plot = new uPlot(
      optionsOf(model, options, () => this.#gapMs),
      dataOf(model, options.style),
      host,
    );
  }

  /** Longest distance of two points that a line still joins. */
  get #gapMs(): number {
    return Math.max(GAP_MS, this.#stepMs * STEPS_JOINED);
  }

  show(model: ChartModel, range: ViewRange): void {
    this.#stepMs = range.stepMs ?? 0;
    // One batch, one draw: data and both scales change together.
    this.#plot.batch(() => {
      this.#plot.setData(dataOf(model, this.#style), false);
      this.#plot.setScale('x', { min: range.fromMs, max: range.toMs });
    });
  }

  resize(width: number, height: number): void {
    if (width !== this.#plot.width || height !== this.#plot.height)
      this.#plot.setSize({ width, height });
  }

  /** Puts the cursor at a time, as a pointer would; undefined takes it away. */
  pointAt(timeMs: number | undefined): void {
    const left = timeMs === undefined ? -10 : this.#plot.valToPos(timeMs, 'x');
    this.#plot.setCursor({ left, top: timeMs === undefined ? -10 : 8 });
  }

  destroy(): void {
    this.#plot.destroy();
  }
}

function dataOf({ timesMs, lines }: ChartModel, style: ChartStyle): uPlot.AlignedData {
  const columns = style.kind === 'stack' ? stacked(lines) : lines.map(({ values }) => values);
  return [timesMs, ...columns];
}

function optionsOf(model: ChartModel, options: PlotOptions, gapMs: () => number): uPlot.Options {
  const { style, palette, texts, width, height } = options;
  const ids = model.lines.map(({ id }) => id);
  const drawn = style.kind === 'stack' ? ids.toReversed() : ids;
  const axis = { stroke: palette.resolve('var(--text-muted)'), font: FONT, ticks: { show: false } };
  const grid = { stroke: palette.resolve('var(--grid)'), width: 1 };
  return {
    width,
    height,
    ms: 1,
    padding: [8, 14, 0, 0],
    legend: { show: false },
    cursor: cursorOptions(),
    scales: { x: { time: true, auto: false }, y: { range: yRange(style) } },
    axes: [
      {
        ...axis,
        size: 22,
        gap: 4,
        space: 44,
        grid: { show: false },
        values: (_plot, times) => times.map(texts.axisTime),
      },
      {
        ...axis,
        size: 52,
        gap: 6,
        grid,
        splits: (_plot, _axis, min, max) => gridlines({ min, max }, style.unit, height),
        values: (_plot, values) => values.map((value) => texts.axisValue(value)),
      },
    ],
    series: [{}, ...drawn.map((id) => seriesOptions(id, ids.indexOf(id), { ...options, gapMs }))],
    hooks: { setCursor: [(plot) => reportCursor(plot, options)] },
  };
}

function cursorOptions(): uPlot.Cursor {
  return {
    y: false,
    drag: { x: false, y: false },
    points: { size: 7, width: 2 },
    sync: { key: SYNC_KEY, scales: ['x', null] },
  };
}

/** Only the chart under the pointer reports; the others are moved by it. */
function reportCursor(plot: uPlot, { onCursor }: PlotOptions): void {
  const left = plot.cursor.left ?? -1;
  if (left < 0) onCursor(undefined, -1);
  else onCursor(plot.posToVal(left, 'x'), left + plot.over.offsetLeft);
}

function seriesOptions(
  id: string,
  index: number,
  options: PlotOptions & { readonly gapMs: () => number },
): uPlot.Series {
  const { style, palette } = options;
  const colour = style.colour(id, index);
  const fill = style.kind === 'lines' ? undefined : palette.resolve(tint(colour, 34));
  return {
    label: id,
    stroke: palette.resolve(colour),
    width: style.kind === 'stack' ? 1.25 : 1.6,
    points: { show: false },
    ...(fill === undefined ? {} : { fill }),
    gaps: (plot, series, first, last) => {
      const data = plot.data[series] as ArrayLike<number>;
      const times = plot.data[0];
      return gapsIn(times, data, { first, last, gapMs: options.gapMs() }).map(([from, to]) => [
        plot.valToPos(times[from] as number, 'x', true),
        plot.valToPos(times[to] as number, 'x', true),
      ]);
    },
  };
}

function yRange(style: ChartStyle): uPlot.Range.Function {
  return (_plot, dataMin, dataMax) => {
    const low = Number.isFinite(dataMin) ? dataMin : 0;
    const high = Number.isFinite(dataMax) ? dataMax : 0;
    const fixed = style.ceiling?.();
    if (fixed !== undefined && fixed > 0) return [0, fixed];
    if (style.kind === 'mirror') {
      const reach = niceCeiling(Math.max(high, -low), style.unit);
      return [-reach, reach];
    }
    if (style.floating) return [Math.floor((low - 3) / 5) * 5, Math.ceil((high + 3) / 5) * 5];
    return [0, niceCeiling(high, style.unit)];
  };
}
