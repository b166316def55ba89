/**
 * A label set: what identifies a series. Immutable, sorted by name, without empty values (to Prometheus
 * a label with an empty value and a missing label are the same), compared by `key`.
 */
export const METRIC_NAME = '__name__';

/** Label sets as they stand on the wire and in configuration. */
export type LabelRecord = Readonly<Record<string, string>>;

// Cannot occur in valid UTF-8 text that came in as such: the parts of a key never run into each other.
const SEPARATOR = '\u{10FFFF}';

export class LabelSet {
  static readonly EMPTY: LabelSet = new LabelSet([]);

  /** name, value, name, value … sorted by name (UTF-16 code units). */
  readonly pairs: readonly string[];
  #key: string | undefined;

  private constructor(pairs: readonly string[]) {
    this.pairs = pairs;
  }

  static from(record: LabelRecord): LabelSet {
    const names = Object.keys(record).sort();
    const pairs: string[] = [];
    for (const name of names) {
      const value = record[name];
      if (value !== undefined && value !== '') pairs.push(name, value);
    }
    return pairs.length === 0 ? LabelSet.EMPTY : new LabelSet(pairs);
  }

  static fromEntries(entries: Iterable<readonly [string, string]>): LabelSet {
    const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    const pairs: string[] = [];
    for (const [name, value] of sorted) if (value !== '') pairs.push(name, value);
    return new LabelSet(pairs);
  }

  /** Takes pairs the caller knows to be sorted, unique and free of empty values; they are not copied. */
  static fromSortedPairs(pairs: readonly string[]): LabelSet {
    return new LabelSet(pairs);
  }

  /** How many labels, the metric name included. */
  get size(): number {
    return this.pairs.length / 2;
  }

  /** The metric name, or '' where there is none. */
  get metric(): string {
    return this.get(METRIC_NAME);
  }

  /** A string equal for equal label sets and for no others. */
  get key(): string {
    this.#key ??= this.pairs.join(SEPARATOR);
    return this.#key;
  }

  /** The value, or '' where the label is missing. */
  get(name: string): string {
    const { pairs } = this;
    for (let at = 0; at < pairs.length; at += 2)
      if (pairs[at] === name) return pairs[at + 1] as string;
    return '';
  }

  has(name: string): boolean {
    return this.get(name) !== '';
  }

  /** This set with one label set to `value`; an empty value removes it. */
  with(name: string, value: string): LabelSet {
    if (this.get(name) === value) return this;
    const pairs: string[] = [];
    let placed = value === '';
    for (let at = 0; at < this.pairs.length; at += 2) {
      const current = this.pairs[at] as string;
      if (!placed && current >= name) {
        pairs.push(name, value);
        placed = true;
      }
      if (current !== name) pairs.push(current, this.pairs[at + 1] as string);
    }
    if (!placed) pairs.push(name, value);
    return new LabelSet(pairs);
  }

  without(...names: readonly string[]): LabelSet {
    return this.#filter((name) => !names.includes(name));
  }

  keep(...names: readonly string[]): LabelSet {
    return this.#filter((name) => names.includes(name));
  }

  equals(other: LabelSet): boolean {
    return this === other || this.key === other.key;
  }

  *[Symbol.iterator](): IterableIterator<[string, string]> {
    for (let at = 0; at < this.pairs.length; at += 2)
      yield [this.pairs[at] as string, this.pairs[at + 1] as string];
  }

  toRecord(): Record<string, string> {
    return Object.fromEntries(this);
  }

  /** Text exposition form: `metric{name="value"}`, quoted as Prometheus 3 does where a name is not classic. */
  toString(): string {
    return formatLabels(this);
  }

  #filter(keep: (name: string) => boolean): LabelSet {
    const pairs: string[] = [];
    for (let at = 0; at < this.pairs.length; at += 2) {
      const name = this.pairs[at] as string;
      if (keep(name)) pairs.push(name, this.pairs[at + 1] as string);
    }
    return pairs.length === this.pairs.length ? this : new LabelSet(pairs);
  }
}

const CLASSIC_METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const CLASSIC_LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** Orders label sets as Prometheus does: pair by pair, a prefix before what continues it. */
export function compareLabels(a: LabelSet, b: LabelSet): number {
  const length = Math.min(a.pairs.length, b.pairs.length);
  for (let at = 0; at < length; at++) {
    const left = a.pairs[at] as string;
    const right = b.pairs[at] as string;
    if (left !== right) return left < right ? -1 : 1;
  }
  return a.pairs.length - b.pairs.length;
}

function formatLabels(labels: LabelSet): string {
  const metric = labels.metric;
  const classic = CLASSIC_METRIC.test(metric);
  const parts: string[] = metric !== '' && !classic ? [quote(metric)] : [];
  for (const [name, value] of labels) {
    if (name === METRIC_NAME) continue;
    parts.push(`${CLASSIC_LABEL.test(name) ? name : quote(name)}=${quote(value)}`);
  }
  if (classic && parts.length === 0) return metric;
  return `${classic ? metric : ''}{${parts.join(', ')}}`;
}

function quote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
