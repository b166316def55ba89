import { join } from 'node:path';
import { rmSync } from 'node:fs';
import { BlockReader } from '../block/block-reader.ts';
import {
  blockFiles,
  blockName,
  rollupFiles,
  rollupName,
  fileSize,
  readManifest,
  removeLeftovers,
  writeManifest,
  type BlockInfo,
  type Manifest,
  type RollupInfo,
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
    const listed = new Set(manifest.blocks.map(({ id }) => id));
    const sound = new Set(blocks.map(({ id }) => id));
    const rollups = (manifest.rollups ?? []).filter((one) => isReadable(directory, one, onDamage));
    const known = rollups.filter(({ of }) => of === undefined || listed.has(of));
    const next = { ...manifest, blocks, rollups: known.map((one) => detached(one, sound)) };
    removeLeftovers(directory, next);
    return new BlockSet(directory, next);
  }

  get blocks(): readonly BlockInfo[] {
    return this.#manifest.blocks;
  }

  get rollups(): readonly RollupInfo[] {
    return this.#manifest.rollups ?? [];
  }

  get walFrom(): number {
    return this.#manifest.walFrom;
  }

  path(id: number): string {
    return join(this.directory, blockName(id));
  }

  rollupPath(id: number): string {
    return join(this.directory, rollupName(id));
  }

  /** A number no block or rollup has had. */
  takeId(): number {
    const id = this.#manifest.nextId;
    this.#manifest = { ...this.#manifest, nextId: id + 1 };
    return id;
  }

  /**
   * Puts blocks and rollups in and out at once; the files of removed ones stay until `unlink`. A rollup whose
   * block is removed stays, and stands for it from now on.
   */
  replace(change: {
    readonly added?: readonly BlockInfo[];
    readonly addedRollups?: readonly RollupInfo[];
    readonly removed?: ReadonlySet<number>;
    readonly walFrom?: number | undefined;
  }): void {
    const stays = ({ id }: BlockInfo): boolean => change.removed?.has(id) !== true;
    const blocks = [...this.blocks.filter(stays), ...(change.added ?? [])];
    const rollups = [...this.rollups.filter(stays), ...(change.addedRollups ?? [])];
    const present = new Set(blocks.map(({ id }) => id));
    const next: Manifest = {
      ...this.#manifest,
      blocks,
      rollups: rollups.map((one) => detached(one, present)),
      walFrom: Math.max(this.walFrom, change.walFrom ?? 0),
    };
    writeManifest(this.directory, next);
    this.#manifest = next;
  }

  unlink(ids: readonly number[]): void {
    for (const id of ids)
      for (const path of [this.path(id), this.rollupPath(id)]) rmSync(path, { force: true });
  }
}

/** The rollup as one that stands alone when its block is not among those present. */
function detached(rollup: RollupInfo, present: ReadonlySet<number>): RollupInfo {
  if (rollup.of === undefined || present.has(rollup.of)) return rollup;
  return { ...rollup, of: undefined };
}

function isReadable(
  directory: string,
  { id }: RollupInfo,
  onDamage: (message: string) => void,
): boolean {
  try {
    new BlockReader(join(directory, rollupName(id)), onDamage).close();
    return true;
  } catch (error) {
    onDamage(`${rollupName(id)} cannot be read and is left out: ${String(error)}`);
    return false;
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
  const rollups = rebuildRollups(directory, blocks, onDamage);
  for (const { id } of rollups) nextId = Math.max(nextId, id + 1);
  return { format: 1, walFrom: 1, nextId, blocks, rollups };
}

/** The rollups of times of which there are no samples any more; all others are made again. */
function rebuildRollups(
  directory: string,
  blocks: readonly BlockInfo[],
  onDamage: (message: string) => void,
): RollupInfo[] {
  const kept: RollupInfo[] = [];
  // Of several that say the same, the last one was made of the others.
  for (const [id, path] of [...rollupFiles(directory)].sort(([a], [b]) => b - a)) {
    try {
      const reader = new BlockReader(path, onDamage);
      const { minMs, maxMs, samples, series, resolutionMs } = reader.footer;
      reader.close();
      const meets = (other: BlockInfo): boolean => other.minMs <= maxMs && other.maxMs >= minMs;
      if (blocks.some(meets)) continue;
      if (kept.some((other) => other.resolutionMs === resolutionMs && meets(other))) continue;
      const bytes = fileSize(path);
      kept.push({ id, order: id, minMs, maxMs, samples, series, bytes, resolutionMs });
    } catch (failure) {
      onDamage(`${path} cannot be read and is left out: ${String(failure)}`);
    }
  }
  return kept;
}
