/**
 * Colours for canvases. A canvas does not understand `var()` or `light-dark()`, so an element nobody sees
 * resolves them; the answers are kept until the theme changes.
 */
export interface Palette {
  /** The colour a CSS expression stands for at present. */
  resolve(expression: string): string;
}

/** @param version rises when colours may have changed. */
export function createPalette(host: HTMLElement, version: () => number): Palette {
  const probe = document.createElement('span');
  probe.hidden = true;
  host.append(probe);
  const style = getComputedStyle(probe);
  const known = new Map<string, string>();
  let knownVersion = -1;
  return {
    resolve(expression) {
      if (knownVersion !== version()) known.clear();
      knownVersion = version();
      let colour = known.get(expression);
      if (colour === undefined) {
        probe.style.color = expression;
        colour = style.color;
        known.set(expression, colour);
      }
      return colour;
    },
  };
}

/** An opaque tint: what lies under it does not shine through, so stacked areas keep their colour. */
export function tint(colour: string, percent: number): string {
  return `color-mix(in srgb, ${colour} ${percent}%, var(--surface))`;
}
