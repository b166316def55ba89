import { BlockSet } from '../disk/block-set.ts';
import type { BlockInfo, RollupInfo } from '../disk/manifest.ts';
import { mergeBlocks, planMerge } from '../disk/merge.ts';
import { planRetention, type RetentionLimits } from '../disk/retention.ts';
import { planRollup, writeRollup } from '../disk/roll-up-block.ts';
import { sealGeneration } from '../disk/seal.ts';
import type { ShapeData } from '../head/shape.ts';

export interface BlockChange {
  readonly blocks: readonly BlockInfo[];
  readonly rollups: readonly RollupInfo[];
  /** No longer part of the store; their files go with `unlink`, after readers have let go of them. */
  readonly removed: readonly number[];
  readonly kind: 'none' | 'seal' | 'merge' | 'rollup' | 'retention';
}

/** By what is judged which blocks to merge or remove. */
export interface Due extends RetentionLimits {
  readonly nowMs: number;
}

/** The thread that writes blocks: the only one that changes the manifest. */
export interface KeeperRole {
  open(directory: string): {
    readonly blocks: readonly BlockInfo[];
    readonly rollups: readonly RollupInfo[];
    readonly walFrom: number;
  };
  /** One part of a generation; a large one comes in several, so that no message is large. */
  gather(part: { readonly shapes: readonly ShapeData[]; readonly labels: Uint8Array }): void;
  /** Seals what was gathered. WAL segments before `walFrom` are in blocks then. */
  seal(argument: { readonly walFrom: number | undefined }): Promise<BlockChange>;
  /** Does the next merge or removal that is due. */
  maintain(due: Due): Promise<BlockChange>;
  unlink(ids: readonly number[]): void;
}

/** Work goes on for this long before messages are looked at. */
const SLICE_MS = 10;

export class Keeper implements KeeperRole {
  readonly #onDamage: (message: string) => void;
  #set: BlockSet | undefined;
  #shapes: ShapeData[] = [];
  #labels: Uint8Array[] = [];
  /** Blocks a rollup could not be made of. */
  readonly #damagedBlocks = new Set<number>();
  #sliceEndMs = 0;

  constructor(onDamage: (message: string) => void) {
    this.#onDamage = onDamage;
  }

  open(directory: string): ReturnType<KeeperRole['open']> {
    this.#set = BlockSet.open(directory, this.#onDamage);
    const { blocks, rollups, walFrom } = this.#set;
    return { blocks, rollups, walFrom };
  }

  gather(part: { readonly shapes: readonly ShapeData[]; readonly labels: Uint8Array }): void {
    this.#shapes.push(...part.shapes);
    if (part.labels.length > 0) this.#labels.push(part.labels);
  }

  async seal({ walFrom }: { readonly walFrom: number | undefined }): Promise<BlockChange> {
    const set = this.#opened();
    const generation = { shapes: this.#shapes, labels: this.#labels };
    this.#shapes = [];
    this.#labels = [];
    const added = await sealGeneration(set, generation, this.#pause);
    set.replace({ added, walFrom });
    return { blocks: set.blocks, rollups: set.rollups, removed: [], kind: 'seal' };
  }

  async maintain(due: Due): Promise<BlockChange> {
    const set = this.#opened();
    const doomed = planRetention(set, due);
    if (doomed.length > 0) return this.#replace(doomed, [], 'retention');
    const sources = planMerge(set.blocks, due.nowMs);
    if (sources === undefined) return this.#rollUp(set, due);
    const options = { pause: this.#pause, onDamage: this.#onDamage };
    const merged = await mergeBlocks(set, sources, options);
    // What was said about the parts does not hold for the whole.
    const spent = set.rollups.filter(({ of }) => sources.some(({ id }) => id === of));
    return this.#replace([...sources, ...spent], [merged], 'merge');
  }

  async #rollUp(set: BlockSet, due: Due): Promise<BlockChange> {
    const { blocks, rollups } = set;
    const next = planRollup(set, due, (id) => this.#damagedBlocks.has(id));
    if (next === undefined) return { blocks, rollups, removed: [], kind: 'none' };
    const made = await writeRollup(set, next, this.#pause);
    if (made === undefined) this.#damagedBlocks.add(next.block.id);
    else set.replace({ addedRollups: [made] });
    return { blocks: set.blocks, rollups: set.rollups, removed: [], kind: 'rollup' };
  }

  unlink(ids: readonly number[]): void {
    this.#opened().unlink(ids);
  }

  #replace(
    gone: readonly BlockInfo[],
    added: readonly BlockInfo[],
    kind: BlockChange['kind'],
  ): BlockChange {
    const set = this.#opened();
    const removed = gone.map(({ id }) => id);
    set.replace({ removed: new Set(removed), added });
    return { blocks: set.blocks, rollups: set.rollups, removed, kind };
  }

  readonly #pause = async (): Promise<void> => {
    if (performance.now() < this.#sliceEndMs) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.#sliceEndMs = performance.now() + SLICE_MS;
  };

  #opened(): BlockSet {
    if (this.#set === undefined) throw new Error('the keeper has no directory yet');
    return this.#set;
  }
}
