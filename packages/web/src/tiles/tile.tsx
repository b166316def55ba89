import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { useOverview } from '../app/overview-context.ts';
import type { Drawable, FrameLoop } from '../charts/frame-loop.ts';
import { format, t } from '../i18n/language.ts';
import type { Stream } from '../state/stream.ts';
import { TOPICS, type TopicName } from '../state/topics.ts';
import { freshnessOf, type Freshness } from './freshness.ts';
import './tile.css';

export type TileSize = 'half' | 'third' | 'full';

export interface TileProps {
  /** What the tile is about; names it in the address and for tests: `#cpu`, `tile-cpu`. */
  readonly topic: TopicName;
  readonly title: string;
  readonly stream: Stream;
  /** What is drawn while the tile is on screen. */
  readonly feeds: readonly Drawable[];
  readonly size: TileSize;
  /** The tile's most important value, beside its title. */
  readonly lead?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** A framed part of the overview that knows how old its values are and looks it. */
export function Tile(props: TileProps): VNode {
  const { topic, title, stream, size, lead, children } = props;
  const element = useRef<HTMLElement>(null);
  const headingId = useId();
  const overview = useOverview();
  useEffect(
    () => drawWhileSeen(element.current, props.feeds, overview.loop),
    [overview, ...props.feeds],
  );
  const freshness = freshnessOf(stream, overview.nowMs.value, TOPICS[topic].everyMs);
  return (
    <section
      id={topic}
      ref={element}
      class={`tile ${size} ${freshness.state}`}
      aria-labelledby={headingId}
      data-testid={`tile-${topic}`}
      data-state={freshness.state}
    >
      <header class="tile-head">
        <h2 id={headingId}>{title}</h2>
        <Age freshness={freshness} />
      </header>
      {freshness.state === 'failed' ? (
        <p class="tile-note">
          {t('tile.failed', { message: stream.failure.value?.message ?? '' })}
        </p>
      ) : (
        <>
          {lead !== undefined && <div class="tile-lead">{lead}</div>}
          {freshness.state === 'loading' ? <Skeleton /> : children}
        </>
      )}
    </section>
  );
}

function Age({ freshness }: { readonly freshness: Freshness }): VNode | null {
  const { state, ageMs } = freshness;
  if (state === 'failed') return null;
  if (state === 'loading') return <span class="tile-age">{t('tile.waiting')}</span>;
  const age = format.value.age(ageMs);
  if (state === 'stale') return <span class="tile-age badge">{t('tile.stale', { age })}</span>;
  return (
    <span class="tile-age">
      <span aria-hidden="true">{age}</span>
      <span class="visually-hidden">{t('tile.age', { age })}</span>
    </span>
  );
}

function Skeleton(): VNode {
  return <div class="skeleton" aria-hidden="true" />;
}

function drawWhileSeen(
  element: HTMLElement | null,
  feeds: readonly Drawable[],
  loop: FrameLoop,
): (() => void) | undefined {
  if (element === null) return undefined;
  let seen = false;
  const change = (next: boolean): void => {
    if (next === seen) return;
    seen = next;
    for (const feed of feeds)
      if (seen) loop.show(feed);
      else loop.hide(feed);
  };
  const observer = new IntersectionObserver(
    (entries) => change(entries.at(-1)?.isIntersecting ?? false),
    { rootMargin: '120px' },
  );
  observer.observe(element);
  return () => {
    observer.disconnect();
    change(false);
  };
}
