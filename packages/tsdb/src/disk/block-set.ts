import { join } from 'node:path';
import { rmSync } from 'node:fs';
import { BlockReader } from '../block/block-reader.ts';
import {
  blockFiles,
  blockName,
  fileSize,
  readManifest,
  removeLeftovers,
  writeManifest,
  type BlockInfo,
  type Manifest,
} from './manifest.ts';

/** The blocks of a directory and their manifest, as the one thread that changes them sees them. */
export class BlockSet {
  readonly directory: string;
  #manifest: Manifest;

  private constructor(directory: string, manifest: Manifest) {
    this.directory = directory;
    this.#manifest = manifest;
  }

  /**
   * Reads the manifest and compares it with the files. A damaged manifest is rebuilt from the blocks themselves;
   * a missing or unreadable block is reported and left out. @throws {CodedError} `store-too-new`
   */
  static open(directory: string, onDamage: (message: string) => void): BlockSet {
    const manifest = readOrRebuild(directory, onDamage);
    const blocks = manifest.blocks.filter(({ id }) => {
      try {
        new BlockReader(join(directory, blockName(id)), onDamage).close();
        return true;
      } catch (error) {
        if ((error as { code?: string }).code === 'store-too-new') throw error;
        onDamage(`${blockName(id)} cannot be read and is left out: ${String(error)}`);
        return false;
      }
    });
    removeLeftovers(directory, manifest);
    return new BlockSet(directory, { ...manifest, blocks });
  }

  get blocks(): readonly BlockInfo[] {
    return this.#manifest.blocks;
  }

  get walFrom(): number {
    return this.#manifest.walFrom;
  }

  path(id: number): string {
    return join(this.directory, blockName(id));
  }

  /** A number no block has had. */
  takeId(): number {
    const id = this.#manifest.nextId;
    this.#manifest = { ...this.#manifest, nextId: id + 1 };
    return id;
  }

  /** Puts blocks in and out at once; the files of removed ones stay until `unlink`. */
  replace(change: {
    readonly added?: readonly BlockInfo[];
    readonly removed?: ReadonlySet<number>;
    readonly walFrom?: number | undefined;
  }): void {
    const kept = this.#manifest.blocks.filter(({ id }) => change.removed?.has(id) !== true);
    const next: Manifest = {
      ...this.#manifest,
      blocks: [...kept, ...(change.added ?? [])],
      walFrom: Math.max(this.walFrom, change.walFrom ?? 0),
    };
    writeManifest(this.directory, next);
    this.#manifest = next;
  }

  unlink(ids: readonly number[]): void {
    for (const id of ids) rmSync(this.path(id), { force: true });
  }
}

/** The manifest, made again from the blocks' own footers where it is damaged. @throws {CodedError} `store-too-new` */
export function readOrRebuild(directory: string, onDamage: (message: string) => void): Manifest {
  try {
    return readManifest(directory);
  } catch (error) {
    if ((error as { code?: string }).code === 'store-too-new') throw error;
    onDamage(`${String(error)}; rebuilding it from the blocks found`);
  }
  const blocks: BlockInfo[] = [];
  let nextId = 1;
  for (const [id, path] of blockFiles(directory)) {
    nextId = Math.max(nextId, id + 1);
    try {
      const reader = new BlockReader(path, onDamage);
      const { minMs, maxMs, samples, series } = reader.footer;
      reader.close();
      blocks.push({ id, order: id, minMs, maxMs, samples, series, bytes: fileSize(path) });
    } catch (failure) {
      if ((failure as { code?: string }).code === 'store-too-new') throw failure;
      onDamage(`${path} cannot be read and is left out: ${String(failure)}`);
    }
  }
  return { format: 1, walFrom: 1, nextId, blocks };
}
