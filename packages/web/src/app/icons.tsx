import type { VNode } from 'preact';

/** Line icons of one family: 20 by 20, drawn in the text's colour, silent to screen readers. */
const PATHS = {
  check: 'M4.5 10.5l3.6 3.6 7.4-8',
  warning: 'M10 3.2l7.4 13H2.6zM10 8v4M10 14.2v.1',
  critical: 'M10 2.4l7.6 7.6-7.6 7.6L2.4 10zM10 6.4v4.4M10 13.4v.1',
  info: 'M10 2.6a7.4 7.4 0 100 14.8 7.4 7.4 0 000-14.8M10 9.4v4M10 6.6v.1',
  soon: 'M10 2.6a7.4 7.4 0 100 14.8 7.4 7.4 0 000-14.8M10 5.8V10l2.8 2',
  unknown:
    'M10 2.6a7.4 7.4 0 100 14.8 7.4 7.4 0 000-14.8M8 8a2 2 0 113 1.8c-.7.4-1 .8-1 1.6M10 13.8v.1',
  light:
    'M10 6.4a3.6 3.6 0 100 7.2 3.6 3.6 0 000-7.2M10 1.8v2M10 16.2v2M1.8 10h2M16.2 10h2M4.2 4.2l1.4 1.4M14.4 14.4l1.4 1.4M4.2 15.8l1.4-1.4M14.4 5.6l1.4-1.4',
  dark: 'M16.4 11.8A7 7 0 018.2 3.6a7 7 0 108.2 8.2z',
  system: 'M3 4.4h14v9H3zM7 16.6h6M10 13.4v3.2',
  help: 'M7.4 7.6a2.6 2.6 0 114 2.2c-.9.6-1.4 1.1-1.4 2.2M10 14.8v.1',
  close: 'M5 5l10 10M15 5L5 15',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }): VNode {
  return (
    <svg
      class="icon"
      viewBox="0 0 20 20"
      width="20"
      height="20"
      fill="none"
      stroke="currentColor"
      stroke-width="1.7"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The name with its sign: a line that runs up to the present. */
export function Wordmark(): VNode {
  return (
    <span class="wordmark">
      <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
        <rect class="mark-ground" width="32" height="32" rx="8" />
        <path class="mark-line" d="M5 21.5h4.2l3-8.5 4.1 11 3-7.2h2.4" />
        <circle class="mark-now" cx="25" cy="16.8" r="3.2" />
      </svg>
      <span class="wordmark-text">Nowcast</span>
    </span>
  );
}
