/**
 * The hub's own metrics and their text form (Prometheus's exposition format 0.0.4). A metric is made once,
 * by the part that counts; a value that is known anyway is read when somebody asks.
 */
type LabelValues = Readonly<Record<string, string>>;

interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** Sample lines without the family's name: suffix, labels, value. */
  readonly collect: () => Iterable<readonly [suffix: string, labels: string, value: number]>;
}

export class MetricRegistry {
  readonly #families = new Map<string, Family>();

  counter(name: string, help: string): Counter {
    const counter = new Counter();
    this.#add({ name, help, type: 'counter', collect: () => counter.lines() });
    return counter;
  }

  /** `read` is called when the metrics are asked for; with labels it gives one value for each. */
  gauge(name: string, help: string, read: () => number): void {
    this.#add({ name, help, type: 'gauge', collect: () => [['', '', read()]] });
  }

  /** A count that something else keeps. */
  counterOf(name: string, help: string, read: () => number): void {
    this.#add({ name, help, type: 'counter', collect: () => [['', '', read()]] });
  }

  histogram(name: string, help: string, bounds: readonly number[]): Histogram {
    const histogram = new Histogram(bounds);
    this.#add({ name, help, type: 'histogram', collect: () => histogram.lines() });
    return histogram;
  }

  expose(): string {
    let text = '';
    for (const { name, help, type, collect } of this.#families.values()) {
      text += `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
      for (const [suffix, labels, value] of collect())
        text += `${name}${suffix}${labels} ${value}\n`;
    }
    return text;
  }

  #add(family: Family): void {
    if (this.#families.has(family.name)) throw new Error(`metric ${family.name} is made twice`);
    this.#families.set(family.name, family);
  }
}

/** A count that only rises, split by labels where it has some. */
export class Counter {
  readonly #values = new Map<string, number>();

  add(count: number, labels?: LabelValues): void {
    const key = labels === undefined ? '' : labelText(labels);
    this.#values.set(key, (this.#values.get(key) ?? 0) + count);
  }

  value(labels?: LabelValues): number {
    return this.#values.get(labels === undefined ? '' : labelText(labels)) ?? 0;
  }

  *lines(): Iterable<readonly [string, string, number]> {
    if (this.#values.size === 0) yield ['', '', 0];
    for (const [labels, value] of this.#values) yield ['', labels, value];
  }
}

/** Cumulative buckets. `bounds` are upper bounds, rising, without the infinite one. */
export class Histogram {
  readonly #bounds: readonly number[];
  readonly #counts: Float64Array;
  #sum = 0;

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = new Float64Array(bounds.length + 1);
  }

  /** Counts `value` as often as `times` says. */
  observe(value: number, times: number = 1): void {
    let at = 0;
    while (at < this.#bounds.length && value > (this.#bounds[at] as number)) at++;
    this.#counts[at] = (this.#counts[at] as number) + times;
    this.#sum += value * times;
  }

  *lines(): Iterable<readonly [string, string, number]> {
    let total = 0;
    for (const [at, bound] of this.#bounds.entries()) {
      total += this.#counts[at] as number;
      yield ['_bucket', `{le="${bound}"}`, total];
    }
    total += this.#counts[this.#bounds.length] as number;
    yield ['_bucket', '{le="+Inf"}', total];
    yield ['_sum', '', this.#sum];
    yield ['_count', '', total];
  }
}

function labelText(labels: LabelValues): string {
  const parts = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `{${parts.join(',')}}`;
}
