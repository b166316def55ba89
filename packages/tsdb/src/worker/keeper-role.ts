import { BlockSet } from '../disk/block-set.ts';
import type { BlockInfo } from '../disk/manifest.ts';
import { mergeBlocks, planMerge } from '../disk/merge.ts';
import { planRetention } from '../disk/retention.ts';
import { sealGeneration } from '../disk/seal.ts';
import type { ShapeData } from '../head/shape.ts';

export interface BlockChange {
  readonly blocks: readonly BlockInfo[];
  /** No longer part of the store; their files go with `unlink`, after readers have let go of them. */
  readonly removed: readonly number[];
  readonly kind: 'none' | 'seal' | 'merge' | 'retention';
}

/** By what is judged which blocks to merge or remove. */
export interface Due {
  readonly nowMs: number;
  /** Blocks with nothing newer are removed. */
  readonly horizonMs: number;
  /** All blocks together; past it the oldest are removed. */
  readonly blockBytesMax: number;
}

/** The thread that writes blocks: the only one that changes the manifest. */
export interface KeeperRole {
  open(directory: string): { readonly blocks: readonly BlockInfo[]; readonly walFrom: number };
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
  #sliceEndMs = 0;

  constructor(onDamage: (message: string) => void) {
    this.#onDamage = onDamage;
  }

  open(directory: string): { blocks: readonly BlockInfo[]; walFrom: number } {
    this.#set = BlockSet.open(directory, this.#onDamage);
    return { blocks: this.#set.blocks, walFrom: this.#set.walFrom };
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
    return { blocks: set.blocks, removed: [], kind: 'seal' };
  }

  async maintain(due: Due): Promise<BlockChange> {
    const set = this.#opened();
    const doomed = planRetention(set.blocks, due);
    if (doomed.length > 0) return this.#replace(doomed, [], 'retention');
    const sources = planMerge(set.blocks, due.nowMs);
    if (sources === undefined) return { blocks: set.blocks, removed: [], kind: 'none' };
    const options = { pause: this.#pause, onDamage: this.#onDamage };
    const merged = await mergeBlocks(set, sources, options);
    return this.#replace(sources, [merged], 'merge');
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
    return { blocks: set.blocks, removed, kind };
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
