import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WalDecoder, type WalVisitor } from '../wal/wal-decoder.ts';
import { segmentOf, segmentParts } from '../wal/wal-segment.ts';
import type { StoreEvent } from '../store.ts';

export interface ReplayOutcome {
  /** The next free segment number. */
  readonly nextSegment: number;
  readonly bytes: number;
  readonly segments: number;
  readonly damaged: number;
}

/**
 * Reads the WAL back into memory after a start, oldest segment first, with pauses so that the event loop runs.
 * Files are only read: a torn end is left as it is and goes with its segment.
 */
export async function replayWal(
  directory: string,
  options: {
    readonly from: number;
    readonly visitor: WalVisitor;
    readonly pause: () => Promise<void> | undefined;
    readonly onEvent: (event: StoreEvent) => void;
  },
): Promise<ReplayOutcome> {
  const segments = (await readdir(directory))
    .map((name) => ({ name, segment: segmentOf(name) ?? 0 }))
    .filter(({ segment }) => segment > 0)
    .sort((a, b) => a.segment - b.segment);
  let bytes = 0;
  let damaged = 0;
  let nextSegment = options.from;
  for (const { name, segment } of segments) {
    nextSegment = Math.max(nextSegment, segment + 1);
    if (segment < options.from) continue;
    const content = await readFile(join(directory, name));
    bytes += content.length;
    damaged += await replaySegment(name, content, options);
  }
  return { nextSegment, bytes, segments: segments.length, damaged };
}

async function replaySegment(
  name: string,
  content: Uint8Array,
  options: {
    readonly visitor: WalVisitor;
    readonly pause: () => Promise<void> | undefined;
    readonly onEvent: (event: StoreEvent) => void;
  },
): Promise<number> {
  const decoder = new WalDecoder(options.visitor);
  let damaged = 0;
  const report = (reason: string): void => {
    damaged++;
    decoder.lost();
    options.onEvent({ level: 'error', message: `${name}: ${reason}; what it held is lost` });
  };
  for (const part of segmentParts(content)) {
    if (part.kind === 'damage') report(`${part.reason} at byte ${part.offset}`);
    else if (part.kind === 'torn')
      options.onEvent({
        level: 'info',
        message: `${name}: the last frame, at byte ${part.offset}, was not finished and had not been acknowledged`,
      });
    else {
      try {
        decoder.frame(part.payload);
      } catch (error) {
        report(`a frame makes no sense (${String(error)})`);
      }
    }
    const due = options.pause();
    if (due !== undefined) await due;
  }
  if (decoder.skippedRows > 0)
    options.onEvent({
      level: 'error',
      message: `${name}: ${decoder.skippedRows} rows built on a damaged frame and were left out`,
    });
  return damaged;
}
