/**
 * Finds, for a series, the selectors it meets, without asking each: a selector is filed under the most telling of its
 * equality matchers, and a series is looked up by its labels.
 */
import { type LabelSet, type Matcher, matchesAll, METRIC_NAME } from '@nowcast/model';

interface Filed<T> {
  readonly matchers: readonly Matcher[];
  readonly owner: T;
}

const ANY = '';

export class SelectorIndex<T> {
  readonly #files = new Map<string, Filed<T>[]>();

  add(matchers: readonly Matcher[], owner: T): void {
    const key = keyOf(matchers);
    const file = this.#files.get(key);
    if (file === undefined) this.#files.set(key, [{ matchers, owner }]);
    else file.push({ matchers, owner });
  }

  /** Takes out all that `owner` has. */
  delete(matchers: readonly Matcher[], owner: T): void {
    const key = keyOf(matchers);
    const rest = (this.#files.get(key) ?? []).filter((filed) => filed.owner !== owner);
    if (rest.length === 0) this.#files.delete(key);
    else this.#files.set(key, rest);
  }

  /** The owners of the selectors that a series meets. */
  find(labels: LabelSet): readonly T[] {
    const found: T[] = [];
    this.#collect(ANY, labels, found);
    for (const [name, value] of labels) this.#collect(pairKey(name, value), labels, found);
    return found;
  }

  #collect(key: string, labels: LabelSet, found: T[]): void {
    for (const { matchers, owner } of this.#files.get(key) ?? [])
      if (matchesAll(matchers, labels)) found.push(owner);
  }
}

/** A label beside the metric's name, which many series share, tells more. */
function keyOf(matchers: readonly Matcher[]): string {
  const equalities = matchers.filter(({ op, value }) => op === '=' && value !== '');
  const best = equalities.find(({ name }) => name !== METRIC_NAME) ?? equalities[0];
  return best === undefined ? ANY : pairKey(best.name, best.value);
}

function pairKey(name: string, value: string): string {
  return `${name}\0${value}`;
}
