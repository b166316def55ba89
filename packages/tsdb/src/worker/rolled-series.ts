import type { RollupPoint } from '@nowcast/model';
import { mergeRuns, type SampleRun } from '../block/sample-run.ts';
import { joinRollups, pointsOf, rollUp, type Rollup } from '../rollup/rollup.ts';

/** What one place (a block, a rollup that stands alone, the head) knows about a series, oldest order first. */
export interface RolledPart {
  /** Its windows where they are stored. */
  readonly rollup?: (() => Rollup) | undefined;
  /** Its samples; missing where only windows are left. */
  readonly samples?: (() => SampleRun) | undefined;
}

export interface RolledRange {
  readonly startMs: number;
  readonly endMs: number;
  readonly windowMs: number;
  readonly point: RollupPoint;
}

interface Piece {
  readonly rollup: Rollup;
  readonly parts: readonly RolledPart[];
}

/**
 * One point per window out of all parts of a series. Where no two parts share a window, each answers for itself;
 * where they do, the windows are made of the samples, so that overwritten ones count once.
 */
export function rolledSeries(parts: readonly RolledPart[], range: RolledRange): SampleRun {
  const pieces = parts
    .map((part): Piece => ({ rollup: windowsOf(part, range.windowMs), parts: [part] }))
    .filter(({ rollup }) => rollup.times.length > 0)
    .sort((a, b) => (a.rollup.times[0] as number) - (b.rollup.times[0] as number));
  const apart: Piece[] = [];
  for (const piece of pieces) {
    const last = apart.at(-1);
    if (last !== undefined && meet(last, piece, range.windowMs))
      apart[apart.length - 1] = together([...last.parts, ...piece.parts], parts, range.windowMs);
    else apart.push(piece);
  }
  return mergeRuns(
    apart.map(({ rollup }, at) => pointsOf(rollup, { ...range, before: apart[at - 1]?.rollup })),
  );
}

function windowsOf(part: RolledPart, windowMs: number): Rollup {
  if (part.rollup !== undefined) return part.rollup();
  return rollUp((part.samples as () => SampleRun)(), windowMs);
}

function meet(earlier: Piece, later: Piece, windowMs: number): boolean {
  const end = earlier.rollup.times.at(-1) as number;
  const start = later.rollup.times[0] as number;
  return Math.floor(start / windowMs) <= Math.floor(end / windowMs);
}

function together(
  some: readonly RolledPart[],
  inOrder: readonly RolledPart[],
  windowMs: number,
): Piece {
  const parts = inOrder.filter((part) => some.includes(part));
  const runs = parts.flatMap(({ samples }) => (samples === undefined ? [] : [samples()]));
  const alone = parts.flatMap(({ samples, rollup }) =>
    samples === undefined && rollup !== undefined ? [rollup()] : [],
  );
  return { rollup: joinRollups([...alone, rollUp(mergeRuns(runs), windowMs)], windowMs), parts };
}
