import {
  CodedError,
  compareLabels,
  createMatcher,
  LabelSet,
  type MatchOp,
  type Matcher,
} from '@nowcast/model';
import { join } from 'node:path';
import { BlockReader } from '../block/block-reader.ts';
import { mergeRuns } from '../block/sample-run.ts';
import { blockName, type BlockInfo } from '../disk/manifest.ts';
import {
  packAnswer,
  packLabels,
  type FoundSeries,
  type PackedAnswer,
  type PackedLabels,
} from './read-answer.ts';
import { Handover } from './worker-calls.ts';

export interface MatcherData {
  readonly name: string;
  readonly op: MatchOp;
  readonly value: string;
}

export interface ReadRequest {
  readonly matcherSets: readonly (readonly MatcherData[])[];
  readonly startMs: number;
  readonly endMs: number;
  readonly samplesMax: number;
}

export interface LabelAnswer extends PackedLabels {
  readonly warnings: readonly string[];
}

/** The thread that reads blocks. It never writes and never repairs. */
export interface ReaderRole {
  /** The blocks to read from now on; files of others are closed when this returns. */
  use(argument: { readonly directory: string; readonly blocks: readonly BlockInfo[] }): void;
  read(request: ReadRequest): Handover<PackedAnswer>;
  /** Label sets with a sample in the range, ordered. */
  labels(request: ReadRequest): LabelAnswer;
}

/** Series whose place stays in memory, over all blocks; the blocks used last are kept. */
const INDEXED_SERIES_MAX = 250_000;

interface OpenBlock {
  readonly info: BlockInfo;
  readonly reader: BlockReader;
}

export class Reader implements ReaderRole {
  readonly #onDamage: (message: string) => void;
  readonly #open = new Map<number, OpenBlock>();
  #warnings: string[] = [];

  constructor(onDamage: (message: string) => void) {
    this.#onDamage = onDamage;
  }

  use({
    directory,
    blocks,
  }: {
    readonly directory: string;
    readonly blocks: readonly BlockInfo[];
  }): void {
    const wanted = new Set(blocks.map(({ id }) => id));
    for (const [id, { reader }] of this.#open) {
      if (wanted.has(id)) continue;
      reader.close();
      this.#open.delete(id);
    }
    for (const info of blocks) {
      if (this.#open.has(info.id)) continue;
      try {
        const reader = new BlockReader(join(directory, blockName(info.id)), (message) => {
          this.#warnings.push(message);
          this.#onDamage(message);
        });
        this.#open.set(info.id, { info, reader });
      } catch (error) {
        this.#onDamage(String(error));
      }
    }
  }

  read(request: ReadRequest): Handover<PackedAnswer> {
    this.#warnings = [];
    const found: FoundSeries[] = [];
    let samples = 0;
    for (const { labels, parts } of this.#find(request)) {
      const runs = parts.map(({ block, series: at }) =>
        block.reader.read(at, request.startMs, request.endMs),
      );
      const run = mergeRuns(runs);
      if (run.times.length === 0) continue;
      samples += run.times.length;
      if (samples > request.samplesMax)
        throw new CodedError(
          'too-many-samples',
          `the query would read more than ${request.samplesMax} samples`,
          { details: { limit: request.samplesMax } },
        );
      found.push({ labels, run });
    }
    const answer = packAnswer(found, this.#warnings);
    // Times may belong to the cache of a block and are copied on the way.
    return new Handover(answer, [answer.values.buffer as ArrayBuffer]);
  }

  labels(request: ReadRequest): LabelAnswer {
    this.#warnings = [];
    const labelSets: LabelSet[] = [];
    for (const { labels, parts } of this.#find(request)) {
      const inRange = parts.some(
        ({ block: { info, reader }, series }) =>
          (info.minMs >= request.startMs && info.maxMs <= request.endMs) ||
          reader.count(series, request.startMs, request.endMs) > 0,
      );
      if (inRange) labelSets.push(labels);
    }
    return { ...packLabels(labelSets), warnings: this.#warnings };
  }

  /** Matching series, ordered by labels, each with where it is found, oldest order first. */
  #find(request: ReadRequest): {
    labels: LabelSet;
    parts: { block: OpenBlock; series: number }[];
  }[] {
    const matcherSets = request.matcherSets.map((set) =>
      set.map(({ name, op, value }) => createMatcher(name, op, value)),
    );
    const found = new Map<
      string,
      { labels: LabelSet; parts: { block: OpenBlock; series: number }[] }
    >();
    for (const block of this.#overlapping(request)) {
      for (const series of this.#select(block, matcherSets)) {
        const labels = LabelSet.fromSortedPairs(block.reader.index.pairs(series));
        const entry = found.get(labels.key);
        if (entry === undefined) found.set(labels.key, { labels, parts: [{ block, series }] });
        else entry.parts.push({ block, series });
      }
    }
    return [...found.values()].sort((a, b) => compareLabels(a.labels, b.labels));
  }

  #select(block: OpenBlock, matcherSets: readonly (readonly Matcher[])[]): Iterable<number> {
    try {
      this.#makeRoom(block);
      const { index } = block.reader;
      const [first] = matcherSets;
      if (first === undefined) return index.select([]);
      if (matcherSets.length === 1) return index.select(first);
      return new Set(matcherSets.flatMap((set) => [...index.select(set)]));
    } catch (error) {
      this.#warnings.push(String(error));
      this.#onDamage(String(error));
      return [];
    }
  }

  #overlapping(request: ReadRequest): OpenBlock[] {
    return [...this.#open.values()]
      .filter(({ info }) => info.maxMs >= request.startMs && info.minMs <= request.endMs)
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
