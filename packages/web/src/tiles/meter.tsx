import type { VNode } from 'preact';
import { format } from '../i18n/language.ts';

export interface MeterProps {
  /** 0 to 1. */
  readonly share: number;
  /** Without a name the bar only repeats a number beside it, and says nothing by itself. */
  readonly label?: string | undefined;
  readonly colour?: string | undefined;
}

/** A bar that fills from the left. */
export function Meter({ share, label, colour }: MeterProps): VNode {
  const style = colour === undefined ? {} : { '--meter': colour };
  const known = Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : 0;
  const fill = <i style={{ transform: `scaleX(${known})` }} />;
  if (label === undefined)
    return (
      <div class="meter" style={style} aria-hidden="true">
        {fill}
      </div>
    );
  return (
    <div
      class="meter"
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(known * 100)}
      aria-valuetext={format.value.text(share, 'ratio')}
      style={style}
    >
      {fill}
    </div>
  );
}

/** Colours of a bar of something that runs out: calm until it is nearly full. */
export function fillColour(share: number): string {
  if (share >= 0.95) return 'var(--critical)';
  return share >= 0.9 ? 'var(--warning)' : 'var(--accent)';
}

/** Colours of a bar of something that is used: full is worth a look, but no harm is done. */
export function busyColour(share: number): string {
  return share >= 0.9 ? 'var(--warning)' : 'var(--accent)';
}
