import type { VNode } from 'preact';
import type { FileSystem } from '../derive/filesystems.ts';
import { format, t } from '../i18n/language.ts';
import { fillColour, Meter } from './meter.tsx';
import type { SizedProps } from './tile-props.ts';
import { Tile } from './tile.tsx';
import './space-tile.css';

const ROWS_MAX = 8;
const INODES_WORTH_A_WORD = 0.5;

/** File systems with what is left and, where they fill, how long it lasts. */
export function SpaceTile({ feeds: { space }, size }: SizedProps): VNode {
  return (
    <Tile topic="space" title={t('space.title')} stream={space.stream} feeds={[space]} size={size}>
      <ul class="space">
        {space.value.value?.slice(0, ROWS_MAX).map((one) => (
          <SpaceRow key={one.mountpoint} one={one} />
        ))}
      </ul>
    </Tile>
  );
}

function SpaceRow({ one }: { readonly one: FileSystem }): VNode {
  const { text } = format.value;
  const share = text(one.used, 'ratio');
  return (
    <li data-testid="filesystem">
      <p class="space-line">
        <b>{one.mountpoint}</b>
        <span class="space-share">{share}</span>
      </p>
      <Meter
        share={one.used}
        label={t('space.meter', { mountpoint: one.mountpoint, share })}
        colour={one.readonly ? 'var(--text-muted)' : fillColour(one.used)}
      />
      <p class="space-line note">
        <span>
          {t('space.free', {
            free: text(one.availBytes, 'bytes'),
            size: text(one.sizeBytes, 'bytes'),
          })}
          {one.readonly && ` · ${t('space.readonly')}`}
          {one.inodesUsed > INODES_WORTH_A_WORD &&
            ` · ${t('space.inodes', { share: text(one.inodesUsed, 'ratio') })}`}
        </span>
        <Outlook one={one} />
      </p>
    </li>
  );
}

function Outlook({ one: { full, readonly } }: { readonly one: FileSystem }): VNode | null {
  if (readonly) return null;
  if (full === undefined) return <span>{t('space.steady')}</span>;
  const { duration } = format.value;
  const from = duration(full.earliestSeconds);
  const range = Number.isFinite(full.latestSeconds)
    ? t('space.fullRange', { from, to: duration(full.latestSeconds) })
    : t('space.fullRangeOpen', { from });
  return (
    <span class="space-filling" title={range}>
      {t('space.fullIn', { time: duration(full.likelySeconds) })}
      <span class="space-range"> ({range})</span>
    </span>
  );
}
