import { signal, type Signal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { format, t } from '../i18n/language.ts';
import type { MessageKey } from '../i18n/en.ts';
import type { Overview } from '../state/overview.ts';
import { staleAfterMs } from '../tiles/freshness.ts';
import { linkReason } from './link-reason.ts';
import { useOverview } from './overview-context.ts';
import './connection-pill.css';

/** Whether the details of the connection are shown; shared with the keyboard. */
export const linkOpen: Signal<boolean> = signal(false);

type Shown = 'live' | 'stale' | 'connecting' | 'waiting' | 'stopped';

const TEXTS: Readonly<Record<Shown, MessageKey>> = {
  live: 'link.live',
  stale: 'link.stale',
  connecting: 'link.connecting',
  waiting: 'link.waiting',
  stopped: 'link.stopped',
};

/** How the page stands to the hub and how old the newest value is, in one place that is always seen. */
export function ConnectionPill(): VNode {
  const overview = useOverview();
  const slot = useRef<HTMLDivElement>(null);
  const ageMs = newestAgeMs(overview);
  const shown = stateOf(overview, ageMs);
  const state = t(TEXTS[shown]);
  useEffect(() => {
    const closeOutside = (event: PointerEvent): void => {
      if (!slot.current?.contains(event.target as Node)) linkOpen.value = false;
    };
    document.addEventListener('pointerdown', closeOutside);
    return () => document.removeEventListener('pointerdown', closeOutside);
  }, []);
  return (
    <div class="link-slot" ref={slot}>
      <button
        type="button"
        class={`link-pill ${shown}`}
        aria-expanded={linkOpen.value}
        aria-label={t('link.details', { state })}
        data-testid="connection"
        data-state={shown}
        onClick={() => (linkOpen.value = !linkOpen.value)}
      >
        <span class="link-dot" aria-hidden="true" />
        <span class="link-state">{state}</span>
        {Number.isFinite(ageMs) && (
          <span class="link-age" data-testid="age">
            {format.value.age(ageMs)}
          </span>
        )}
      </button>
      {linkOpen.value && <LinkDetails overview={overview} ageMs={ageMs} />}
    </div>
  );
}

function newestAgeMs(overview: Overview): number {
  const view = overview.view.value;
  // The first value shows at once; after that the clock's tick is often enough.
  const started = view !== undefined && view.stream('cpu').phase.value !== 'loading';
  return started ? Math.max(0, overview.nowMs.value - view.newestMs) : Infinity;
}

function stateOf(overview: Overview, ageMs: number): Shown {
  const { phase } = overview.link.value;
  if (phase !== 'live') return phase;
  return Number.isFinite(ageMs) && ageMs > staleAfterMs(1_000) ? 'stale' : 'live';
}

interface DetailsProps {
  readonly overview: Overview;
  readonly ageMs: number;
}

function LinkDetails({ overview, ageMs }: DetailsProps): VNode {
  const link = overview.link.value;
  const { text, age, clock, integer } = format.value;
  const broken =
    link.brokenAtMs === undefined ? undefined : `${clock(link.brokenAtMs)} · ${linkReason(link)}`;
  const rows: readonly (readonly [MessageKey, string | undefined])[] = [
    ['link.transport', link.transport === 'websocket' ? 'WebSocket' : link.transport],
    ['link.rtt', link.rttMs === undefined ? undefined : text(link.rttMs / 1000, 'seconds')],
    ['link.age', Number.isFinite(ageMs) ? age(ageMs) : undefined],
    ['link.series', integer(overview.view.value?.seriesCount ?? 0)],
    ['link.hub', link.hubVersion],
    ['link.session', link.session],
    ['link.lastBreak', broken],
  ];
  return (
    <section class="link-details" aria-label={t('link.path')} data-testid="connection-details">
      <h2>{t('link.path')}</h2>
      <dl>
        {rows.map(
          ([term, value]) =>
            value !== undefined && (
              <div key={term}>
                <dt>{t(term)}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
    </section>
  );
}
