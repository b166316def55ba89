/** Colour where a person looks at a terminal that has it; plain text everywhere else. */
export interface TextStyle {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly cyan: (text: string) => string;
}

const plain = (text: string): string => text;
const sgr =
  (on: number, off: number) =>
  (text: string): string =>
    `\u001B[${on}m${text}\u001B[${off}m`;

const PLAIN: TextStyle = {
  bold: plain,
  dim: plain,
  red: plain,
  green: plain,
  yellow: plain,
  cyan: plain,
};

const COLOURED: TextStyle = {
  bold: sgr(1, 22),
  dim: sgr(2, 22),
  red: sgr(31, 39),
  green: sgr(32, 39),
  yellow: sgr(33, 39),
  cyan: sgr(36, 39),
};

/** NO_COLOR and FORCE_COLOR decide before the stream does (no-color.org). */
export function styleFor(
  stream: { readonly isTTY?: boolean | undefined },
  env: Readonly<Record<string, string | undefined>>,
): TextStyle {
  if (env['NO_COLOR']) return PLAIN;
  if (env['FORCE_COLOR'] && env['FORCE_COLOR'] !== '0') return COLOURED;
  return stream.isTTY && env['TERM'] !== 'dumb' ? COLOURED : PLAIN;
}
