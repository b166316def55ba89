/**
 * The series of a publisher by index: what batches in a spool refer to, whatever the caller's refs or the
 * connection's are. Equal labels have one index for as long as the series is known; an index is never given
 * to another series.
 */
import { CodedError, LabelSet, METRIC_NAME, type MetricMetadata } from '@nowcast/model';
import type { SeriesDefinition } from '@nowcast/protocol';

/** A series as it stands in a spool; `ref` is its index. */
export type SpooledSeries = SeriesDefinition;

const NAME_LENGTH_MAX = 1_024;
const VALUE_LENGTH_MAX = 4_096;
const HELP_LENGTH_MAX = 1_024;
const UNIT_LENGTH_MAX = 64;

export class SeriesDictionary {
  readonly #byKey = new Map<string, number>();
  readonly #series = new Map<number, SpooledSeries>();
  readonly #bytes = new Map<number, number>();
  #nextIndex = 0;

  get size(): number {
    return this.#series.size;
  }

  /**
   * The index of a series, new when its labels are.
   * @throws {CodedError} `bad-series` when the hub would refuse it.
   */
  intern(labels: Readonly<Record<string, string>>, metadata: MetricMetadata): number {
    const set = LabelSet.from(labels);
    const known = this.#byKey.get(set.key);
    if (known !== undefined) return known;
    assertLabels(set);
    const ref = this.#nextIndex;
    const { type, unit, help } = metadata;
    this.restore({
      ref,
      labels: set.toRecord(),
      ...(type === undefined ? {} : { type }),
      ...(unit === undefined ? {} : { unit: unit.slice(0, UNIT_LENGTH_MAX) }),
      ...(help === undefined ? {} : { help: help.slice(0, HELP_LENGTH_MAX) }),
    });
    return ref;
  }

  /** Takes a series back under the index it had. */
  restore(series: SpooledSeries): void {
    const { ref, labels } = series;
    this.#series.set(ref, series);
    this.#byKey.set(LabelSet.from(labels).key, ref);
    this.#bytes.set(ref, definitionBytes(series));
    this.#nextIndex = Math.max(this.#nextIndex, ref + 1);
  }

  at(index: number): SpooledSeries | undefined {
    return this.#series.get(index);
  }

  /** What its definition takes in a message, rounded up. */
  bytesOf(index: number): number {
    return this.#bytes.get(index) ?? 0;
  }

  /** Keeps the series of these indices alone; no batch that waits may refer to another. */
  retain(indices: ReadonlySet<number>): void {
    for (const [index, { labels }] of this.#series) {
      if (indices.has(index)) continue;
      this.#series.delete(index);
      this.#bytes.delete(index);
      this.#byKey.delete(LabelSet.from(labels).key);
    }
  }
}

/** Punctuation and field names of a definition. */
const DEFINITION_BYTES = 80;

function definitionBytes({ labels, help = '' }: SpooledSeries): number {
  let bytes = DEFINITION_BYTES + help.length;
  for (const [name, value] of Object.entries(labels)) bytes += name.length + value.length + 6;
  return bytes;
}

function assertLabels(labels: LabelSet): void {
  if (!labels.has(METRIC_NAME))
    throw new CodedError(
      'bad-series',
      `a series has no metric name (label __name__): ${labels.toString()}`,
    );
  for (const [name, value] of labels)
    if (name === '' || name.length > NAME_LENGTH_MAX || value.length > VALUE_LENGTH_MAX)
      throw new CodedError(
        'bad-series',
        `label ${JSON.stringify(name.slice(0, 40))} of ${labels.metric} is empty or too long`,
      );
}
