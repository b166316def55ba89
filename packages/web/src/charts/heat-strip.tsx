import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { usePage } from '../app/overview-context.ts';
import type { CoreHeat } from '../derive/cpu.ts';
import { lastOf } from '../derive/columns.ts';
import { format, t } from '../i18n/language.ts';
import { paletteVersion } from '../theme/theme.ts';
import type { Feed, ViewRange } from './feed.ts';
import type { Palette } from './palette.ts';
import './heat-strip.css';

export interface HeatStripProps {
  readonly feed: Feed<CoreHeat>;
}

const ROW_PX = 13;
const ROWS_FULL_MAX = 24;
const STOPS = 32;

/** One row per processor, time to the right, colour for how busy it was. */
export function HeatStrip({ feed }: HeatStripProps): VNode | null {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { palette } = usePage();
  const heat = feed.value.value;
  const count = heat?.cores.length ?? 0;
  const rowPx = count > ROWS_FULL_MAX ? Math.max(3, Math.floor(320 / count)) : ROW_PX;
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    const colours = heatColours(palette);
    let widthPx = 0;
    const stop = feed.listen((value, range) => {
      if (widthPx > 0) paint(element, value, { range, colours, rowPx, widthPx });
    });
    const observer = new ResizeObserver(([entry]) => {
      widthPx = Math.floor(entry?.contentRect.width ?? 0);
      feed.refresh();
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      stop();
    };
  }, [feed, rowPx, paletteVersion.value]);
  const labelled = rowPx === ROW_PX;
  return (
    <div class="heat">
      {labelled && (
        <ol class="heat-names" aria-hidden="true">
          {heat?.cores.map(({ cpu }) => (
            <li key={cpu}>{cpu}</li>
          ))}
        </ol>
      )}
      <canvas
        ref={canvas}
        role="img"
        aria-label={heat === undefined ? '' : summaryOf(heat)}
        data-testid="core-heat"
        style={{ height: `${count * rowPx}px` }}
      />
      {labelled && (
        <ol class="heat-values" aria-hidden="true">
          {heat?.cores.map(({ cpu, busy }) => (
            <li key={cpu}>{format.value.text(lastOf(busy), 'ratio')}</li>
          ))}
        </ol>
      )}
    </div>
  );
}

function summaryOf({ cores }: CoreHeat): string {
  const now = cores.map(({ cpu, busy }) => ({ cpu, value: lastOf(busy) }));
  const busiest = now.reduce((a, b) => (b.value > a.value ? b : a), { cpu: '', value: -1 });
  return t('cpu.coresSummary', {
    count: cores.length,
    cpu: busiest.cpu,
    value: format.value.text(busiest.value, 'ratio'),
  });
}

/** Colours from nothing to full, mixed between five stops of the theme. */
function heatColours(palette: Palette): readonly string[] {
  return Array.from({ length: STOPS }, (_, at) => {
    const place = (at / (STOPS - 1)) * 4;
    const below = Math.min(3, Math.floor(place));
    const percent = Math.round((place - below) * 100);
    return palette.resolve(
      `color-mix(in oklab, var(--heat-${below + 1}) ${percent}%, var(--heat-${below}))`,
    );
  });
}

interface Painting {
  readonly range: ViewRange;
  readonly colours: readonly string[];
  readonly rowPx: number;
  readonly widthPx: number;
}

function paint(canvas: HTMLCanvasElement, heat: CoreHeat, painting: Painting): void {
  const { range, colours, rowPx, widthPx } = painting;
  const ratio = devicePixelRatio;
  const width = Math.round(widthPx * ratio);
  const height = Math.round(heat.cores.length * rowPx * ratio);
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.clearRect(0, 0, width, height);
  const perMs = width / (range.toMs - range.fromMs);
  for (const [row, { busy }] of heat.cores.entries()) {
    const top = Math.round(row * rowPx * ratio);
    const bottom = Math.round((row + 1) * rowPx * ratio) - Math.max(1, Math.round(ratio));
    for (let at = 0; at < busy.length; at++) {
      const value = busy[at] as number;
      const timeMs = heat.timesMs[at] as number;
      if (Number.isNaN(value) || timeMs < range.fromMs) continue;
      const before = at === 0 ? timeMs - 1000 : (heat.timesMs[at - 1] as number);
      // A sample speaks for the interval before it, and for no more than a few seconds of it.
      const startMs = Math.max(before, timeMs - (range.stepMs ?? 3_000), range.fromMs);
      const left = Math.floor((startMs - range.fromMs) * perMs);
      const right = Math.ceil((timeMs - range.fromMs) * perMs);
      context.fillStyle = colours[Math.round(value * (STOPS - 1))] as string;
      context.fillRect(left, top, right - left, bottom - top);
    }
  }
}
