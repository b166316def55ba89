/**
 * What a client knows from the updates of one subscription, kept by the rules of the protocol and nothing else. It
 * throws on anything the rules forbid: a hole in `seq`, an unknown ref, a time that falls.
 */
import { fromWireValue, type Update, type UpdateGroup } from '@nowcast/protocol';

interface SeriesView {
  readonly name: string;
  value: number | undefined;
  timeMs: number;
}

export class SubscriberView {
  /** `[series, time, value]` in order of arrival, history included. */
  readonly samples: [series: string, timeMs: number, value: number][] = [];
  readonly #series = new Map<number, SeriesView>();
  readonly #names = new Map<number, string>();
  #seq = 0;
  #live = false;

  /** Current value by series, written as metric and label values. */
  get values(): Record<string, number> {
    const entries = [...this.#series.values()].map(({ name, value }) => [name, value ?? NaN]);
    return Object.fromEntries(entries) as Record<string, number>;
  }

  apply(update: Update): void {
    if (update.seq !== ++this.#seq)
      throw new Error(`update ${update.seq} of ${update.id} came where ${this.#seq} was due`);
    if (update.history === true && this.#live) throw new Error('history after live');
    if (update.history !== true) this.#live = true;
    for (const { ref, labels } of update.add ?? []) this.#add(ref, labels);
    for (const group of update.groups) this.#applyGroup(group);
    for (const ref of update.remove ?? [])
      if (!this.#series.delete(ref)) throw new Error(`ref ${ref} left without having joined`);
  }

  #add(ref: number, labels: Readonly<Record<string, string>>): void {
    const { __name__: metric, ...rest } = labels;
    const name = [metric, ...Object.values(rest)].join(' ');
    const before = this.#names.get(ref);
    if (before !== undefined && before !== name)
      throw new Error(`ref ${ref} was ${before} and became ${name}`);
    this.#names.set(ref, name);
    const known = this.#series.get(ref);
    if (known === undefined) this.#series.set(ref, { name, value: undefined, timeMs: -Infinity });
  }

  #applyGroup({ timeMs, refs, values, same = [] }: UpdateGroup): void {
    for (const [at, ref] of refs.entries())
      this.#sample(ref, timeMs, fromWireValue(values[at] ?? NaN));
    for (let at = 0; at < same.length; at += 2)
      for (let ref = same[at] as number; ref <= (same[at + 1] as number); ref++) {
        const value = this.#series.get(ref)?.value;
        if (value === undefined) throw new Error(`ref ${ref} is the same as nothing`);
        if (timeMs === this.#series.get(ref)?.timeMs)
          throw new Error(`ref ${ref} is told twice at ${timeMs}`);
        this.#sample(ref, timeMs, value);
      }
  }

  #sample(ref: number, timeMs: number, value: number): void {
    const series = this.#series.get(ref);
    if (series === undefined) throw new Error(`ref ${ref} is not known`);
    if (timeMs < series.timeMs)
      throw new Error(`${series.name} at ${timeMs} came after ${series.timeMs}`);
    // The same time again corrects the value.
    if (timeMs === series.timeMs)
      this.samples.splice(
        this.samples.findLastIndex(([name]) => name === series.name),
        1,
      );
    series.timeMs = timeMs;
    series.value = value;
    this.samples.push([series.name, timeMs, value]);
  }
}
