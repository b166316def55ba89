import type { LabelSet, Matcher } from '@nowcast/model';
import { PostingList } from './postings.ts';

/**
 * The inverted index of the series in memory: label name → value → refs. A matcher that refuses the empty
 * string picks refs from the lists of the values it accepts; one that accepts it (`!=`, `!~`, `=""`) removes
 * the refs of the values it refuses, since a series without the label counts as having the empty string.
 */
export class LabelIndex {
  readonly #names = new Map<string, Map<string, PostingList>>();
  readonly #all = new PostingList();
  #marks: Uint8Array = new Uint8Array(1024);
  #refEnd = 0;

  get size(): number {
    return this.#all.size;
  }

  /** Refs must be added in rising order. */
  add(ref: number, labels: LabelSet): void {
    this.#all.push(ref);
    this.#refEnd = ref + 1;
    const { pairs } = labels;
    for (let at = 0; at < pairs.length; at += 2)
      this.#list(pairs[at] as string, pairs[at + 1] as string).push(ref);
  }

  /** Removes series; `gone` must be true exactly for the refs whose labels are given. */
  remove(labelSets: Iterable<LabelSet>, gone: (ref: number) => boolean): void {
    const touched = new Set<PostingList>();
    for (const labels of labelSets)
      for (const [name, value] of labels) {
        const list = this.#names.get(name)?.get(value);
        if (list === undefined || touched.has(list)) continue;
        touched.add(list);
        list.prune(gone);
        if (list.size === 0) this.#drop(name, value);
      }
    this.#all.prune(gone);
  }

  /** Refs of the series that meet every matcher, rising. */
  select(matchers: readonly Matcher[]): Uint32Array {
    const positive = matchers.filter((one) => !one.matches(''));
    const negative = matchers.filter((one) => one.matches(''));
    const picks = positive
      .map((matcher) => this.#lists(matcher, true))
      .sort((a, b) => total(a) - total(b));
    let refs = picks.length === 0 ? this.#all.refs : this.#union(picks[0] as PostingList[]);
    for (const lists of picks.slice(1)) refs = this.#filter(refs, lists, 1);
    for (const matcher of negative) {
      if (refs.length === 0) break;
      refs = this.#filter(refs, this.#lists(matcher, false), 0);
    }
    return refs;
  }

  /** Label names in use, unordered. */
  names(): Iterable<string> {
    return this.#names.keys();
  }

  /** Values of a label with how many series have each, unordered. */
  *values(name: string): IterableIterator<readonly [string, number]> {
    for (const [value, list] of this.#names.get(name) ?? []) yield [value, list.size];
  }

  #lists(matcher: Matcher, wanted: boolean): PostingList[] {
    const values = this.#names.get(matcher.name);
    if (values === undefined) return [];
    const exact = wanted === (matcher.op === '=');
    if (exact && (matcher.op === '=' || matcher.op === '!=')) {
      const list = values.get(matcher.value);
      return list === undefined ? [] : [list];
    }
    const lists: PostingList[] = [];
    for (const [value, list] of values) if (matcher.matches(value) === wanted) lists.push(list);
    return lists;
  }

  #union(lists: readonly PostingList[]): Uint32Array {
    const [first] = lists;
    if (first === undefined) return new Uint32Array(0);
    return lists.length === 1 ? first.refs : this.#filter(this.#all.refs, lists, 1);
  }

  #filter(refs: Uint32Array, lists: readonly PostingList[], keep: 0 | 1): Uint32Array {
    if (this.#marks.length < this.#refEnd) this.#marks = new Uint8Array(this.#refEnd * 2);
    const marks = this.#marks;
    for (const list of lists) for (const ref of list.refs) marks[ref] = 1;
    const kept = refs.filter((ref) => marks[ref] === keep);
    for (const list of lists) for (const ref of list.refs) marks[ref] = 0;
    return kept;
  }

  #list(name: string, value: string): PostingList {
    let values = this.#names.get(name);
    if (values === undefined) this.#names.set(name, (values = new Map()));
    let list = values.get(value);
    if (list === undefined) values.set(value, (list = new PostingList()));
    return list;
  }

  #drop(name: string, value: string): void {
    const values = this.#names.get(name);
    values?.delete(value);
    if (values?.size === 0) this.#names.delete(name);
  }
}

function total(lists: readonly PostingList[]): number {
  let sum = 0;
  for (const list of lists) sum += list.size;
  return sum;
}
