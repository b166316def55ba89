import type { Matcher } from '@nowcast/model';
import { join } from 'node:path';
import { BlockReader } from '../block/block-reader.ts';
import { blockName, rollupName, type BlockInfo, type RollupInfo } from '../disk/manifest.ts';

export interface OpenBlock {
  readonly info: BlockInfo;
  readonly reader: BlockReader;
  /** Window of a rollup; 0 for samples. */
  readonly resolutionMs: number;
  /** The block a rollup says the same as. */
  readonly of?: number | undefined;
}

export interface BlockFiles {
  readonly directory: string;
  readonly blocks: readonly BlockInfo[];
  readonly rollups: readonly RollupInfo[];
}

/** Series whose place stays in memory, over all blocks; the blocks used last are kept. */
const INDEXED_SERIES_MAX = 250_000;

/** The files a reader has open, and how many of their indexes stay in memory. */
export class OpenBlocks {
  readonly #onDamage: (message: string) => void;
  /** The ones used last stand at the end. */
  readonly #open = new Map<number, OpenBlock>();

  constructor(onDamage: (message: string) => void) {
    this.#onDamage = onDamage;
  }

  /** Opens what is new and closes what is gone. */
  use({ directory, blocks, rollups }: BlockFiles): void {
    const wanted = new Map<number, BlockInfo>();
    for (const info of [...blocks, ...rollups]) wanted.set(info.id, info);
    for (const [id, { reader }] of this.#open) {
      if (wanted.has(id)) continue;
      reader.close();
      this.#open.delete(id);
    }
    for (const info of blocks) this.#add(info, join(directory, blockName(info.id)));
    for (const info of rollups) this.#add(info, join(directory, rollupName(info.id)), info);
  }

  get(id: number): OpenBlock | undefined {
    return this.#open.get(id);
  }

  /** Blocks of samples that meet the range, oldest order first. */
  blocks(startMs: number, endMs: number): OpenBlock[] {
    return this.#overlapping(startMs, endMs).filter(({ resolutionMs }) => resolutionMs === 0);
  }

  /** Rollups of one window that meet the range, oldest order first. */
  rollups(windowMs: number, startMs: number, endMs: number): OpenBlock[] {
    return this.#overlapping(startMs, endMs).filter(
      ({ resolutionMs }) => resolutionMs === windowMs,
    );
  }

  /** The series of a block that meet every matcher of one of the sets, rising; reports a damaged index. */
  select(block: OpenBlock, matcherSets: readonly (readonly Matcher[])[]): Uint32Array {
    try {
      this.#makeRoom(block);
      const { index } = block.reader;
      const [first] = matcherSets;
      if (first === undefined) return index.select([]);
      if (matcherSets.length === 1) return index.select(first);
      return Uint32Array.from(new Set(matcherSets.flatMap((set) => [...index.select(set)]))).sort();
    } catch (error) {
      this.#onDamage(String(error));
      return new Uint32Array(0);
    }
  }

  #add(info: BlockInfo, path: string, rollup?: RollupInfo): void {
    try {
      const reader = this.#open.get(info.id)?.reader ?? new BlockReader(path, this.#onDamage);
      const resolutionMs = rollup?.resolutionMs ?? 0;
      this.#open.set(info.id, { info, reader, resolutionMs, of: rollup?.of });
    } catch (error) {
      this.#onDamage(String(error));
    }
  }

  #overlapping(startMs: number, endMs: number): OpenBlock[] {
    return [...this.#open.values()]
      .filter(({ info }) => info.maxMs >= startMs && info.minMs <= endMs)
      .sort((a, b) => a.info.order - b.info.order);
  }

  /** Keeps the indexes of the blocks used last, as many as there is room for. */
  #makeRoom(block: OpenBlock): void {
    this.#open.delete(block.info.id);
    this.#open.set(block.info.id, block);
    let room = INDEXED_SERIES_MAX;
    for (const { info, reader } of [...this.#open.values()].reverse()) {
      if (reader !== block.reader && !reader.indexLoaded) continue;
      room -= info.series;
      if (room < 0 && reader !== block.reader) reader.unload();
    }
  }
}
