import {
  CodedError,
  compareLabels,
  createMatcher,
  LabelSet,
  type MatchOp,
  type RollupPoint,
} from '@nowcast/model';
import { mergeRuns, type SampleRun } from '../block/sample-run.ts';
import { OpenBlocks, type BlockFiles, type OpenBlock } from './open-blocks.ts';
import {
  packAnswer,
  packLabels,
  unpackAnswer,
  type FoundSeries,
  type PackedAnswer,
  type PackedLabels,
} from './read-answer.ts';
import { rolledSeries, type RolledPart, type RolledRange } from './rolled-series.ts';
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
  /** In shared memory; not 0 once nobody waits for the answer any more. */
  readonly aborted: Int32Array;
}

export interface RolledRequest extends ReadRequest {
  readonly windowMs: number;
  readonly point: RollupPoint;
  /** What the head holds of the windows; newer than all blocks. */
  readonly head: readonly PackedAnswer[];
}

export interface LabelAnswer extends PackedLabels {
  readonly warnings: readonly string[];
}

/** The thread that reads blocks. It never writes and never repairs. */
export interface ReaderRole {
  /** The files to read from now on; others are closed when this returns. */
  use(files: BlockFiles): void;
  read(request: ReadRequest): Handover<PackedAnswer>;
  /** One point per window of time instead of samples, the head's included. */
  readRolled(request: RolledRequest): Promise<Handover<PackedAnswer>>;
  /** Label sets with a sample in the range, ordered. */
  labels(request: ReadRequest): LabelAnswer;
}

interface Found<Part> {
  readonly labels: LabelSet;
  readonly parts: Part[];
}

interface Place {
  readonly block: OpenBlock;
  readonly series: number;
}

export class Reader implements ReaderRole {
  readonly #blocks: OpenBlocks;
  #warnings: string[] = [];

  constructor(onDamage: (message: string) => void) {
    this.#blocks = new OpenBlocks((message) => {
      this.#warnings.push(message);
      onDamage(message);
    });
  }

  use(files: BlockFiles): void {
    this.#blocks.use(files);
  }

  read(request: ReadRequest): Handover<PackedAnswer> {
    const { startMs, endMs } = request;
    this.#warnings = [];
    const places = this.#find(this.#blocks.blocks(startMs, endMs), request);
    return this.#answer(places, request, (parts) =>
      mergeRuns(parts.map(({ block, series }) => block.reader.read(series, startMs, endMs))),
    );
  }

  async readRolled(request: RolledRequest): Promise<Handover<PackedAnswer>> {
    this.#warnings = [];
    const { windowMs } = request;
    const startMs = Math.floor(request.startMs / windowMs) * windowMs;
    const endMs = (Math.floor(request.endMs / windowMs) + 1) * windowMs - 1;
    const rollups = this.#blocks.rollups(windowMs, startMs, endMs);
    const told = new Set(rollups.map(({ of }) => of));
    const bare = this.#blocks.blocks(startMs, endMs).filter(({ info }) => !told.has(info.id));
    const found = new Map<string, Found<RolledPart>>();
    const inOrder = [...rollups, ...bare].sort((a, b) => a.info.order - b.info.order);
    for (const { labels, parts } of this.#find(inOrder, request))
      found.set(labels.key, {
        labels,
        parts: parts.map((place) => this.#rolledPart(place, startMs, endMs)),
      });
    for (const packed of request.head)
      for (const { labels, timesMs, values } of await unpackAnswer(packed, () => undefined)) {
        const part = { samples: () => ({ times: timesMs, values }) };
        const known = found.get(labels.key);
        if (known === undefined) found.set(labels.key, { labels, parts: [part] });
        else known.parts.push(part);
      }
    const sorted = [...found.values()].sort((a, b) => compareLabels(a.labels, b.labels));
    const range: RolledRange = request;
    return this.#answer(sorted, request, (parts) => this.#rolled(parts, range));
  }

  labels(request: ReadRequest): LabelAnswer {
    const { startMs, endMs } = request;
    this.#warnings = [];
    const labelSets: LabelSet[] = [];
    for (const { labels, parts } of this.#find(this.#blocks.blocks(startMs, endMs), request)) {
      assertWanted(request);
      const inRange = parts.some(
        ({ block: { info, reader }, series }) =>
          (info.minMs >= startMs && info.maxMs <= endMs) ||
          reader.count(series, startMs, endMs) > 0,
      );
      if (inRange) labelSets.push(labels);
    }
    return { ...packLabels(labelSets), warnings: this.#warnings };
  }

  #rolledPart({ block, series }: Place, startMs: number, endMs: number): RolledPart {
    const samplesOf = ({ reader }: OpenBlock): (() => SampleRun) => {
      return () => reader.read(series, startMs, endMs);
    };
    if (block.resolutionMs === 0) return { samples: samplesOf(block) };
    const source = block.of === undefined ? undefined : this.#blocks.get(block.of);
    return {
      rollup: () => block.reader.readRollup(series, startMs, endMs),
      samples: source === undefined ? undefined : samplesOf(source),
    };
  }

  #answer<Part>(
    series: readonly Found<Part>[],
    request: ReadRequest,
    read: (parts: readonly Part[]) => SampleRun,
  ): Handover<PackedAnswer> {
    const found: FoundSeries[] = [];
    let samples = 0;
    for (const { labels, parts } of series) {
      assertWanted(request);
      const run = read(parts);
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

  /** The windows of a series; out of its samples where a rollup turns out to be damaged. */
  #rolled(parts: readonly RolledPart[], range: RolledRange): SampleRun {
    try {
      return rolledSeries(parts, range);
    } catch (error) {
      if ((error as { code?: string }).code !== 'store-unreadable') throw error;
      this.#warnings.push(String(error));
      const left = parts.filter(({ samples }) => samples !== undefined);
      return rolledSeries(
        left.map(({ samples }) => ({ samples })),
        range,
      );
    }
  }

  /**
   * Matching series, ordered by labels, each with where it is found, in the order of the blocks. Every block
   * has its series in that order, so nothing is looked up or sorted.
   */
  #find(blocks: readonly OpenBlock[], request: ReadRequest): Found<Place>[] {
    const matcherSets = request.matcherSets.map((set) =>
      set.map(({ name, op, value }) => createMatcher(name, op, value)),
    );
    const cursors = blocks.map((block) => {
      assertWanted(request);
      const series = this.#blocks.select(block, matcherSets);
      return { block, series, at: 0, labels: labelsAt(block, series[0]) };
    });
    const found: Found<Place>[] = [];
    for (;;) {
      let least: LabelSet | undefined;
      for (const { labels } of cursors)
        if (labels !== undefined && (least === undefined || compareLabels(labels, least) < 0))
          least = labels;
      if (least === undefined) return found;
      const parts: Place[] = [];
      for (const cursor of cursors) {
        const { block, series, labels } = cursor;
        if (labels === undefined || (labels !== least && compareLabels(labels, least) !== 0))
          continue;
        parts.push({ block, series: series[cursor.at++] as number });
        cursor.labels = labelsAt(block, series[cursor.at]);
      }
      found.push({ labels: least, parts });
    }
  }
}

function labelsAt({ reader }: OpenBlock, series: number | undefined): LabelSet | undefined {
  if (series === undefined) return undefined;
  return LabelSet.fromSortedPairs(reader.index.pairs(series));
}

function assertWanted({ aborted }: ReadRequest): void {
  if (Atomics.load(aborted, 0) !== 0)
    throw new CodedError('read-aborted', 'nobody waits for the answer any more');
}
