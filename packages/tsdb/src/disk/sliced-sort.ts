/** Items sorted at once; more would hold the event loop. */
const RUN = 128;

/** Sorts with pauses: short runs first, then merges of neighbours, each in steps. */
export async function slicedSort<T>(
  items: readonly T[],
  compare: (a: T, b: T) => number,
  pause: () => Promise<void> | undefined,
): Promise<T[]> {
  let runs: T[][] = [];
  for (let at = 0; at < items.length; at += RUN) {
    runs.push(items.slice(at, at + RUN).sort(compare));
    await pause();
  }
  while (runs.length > 1) {
    const merged: T[][] = [];
    for (let at = 0; at < runs.length; at += 2)
      merged.push(await mergeSorted(runs[at] as T[], runs[at + 1] ?? [], { compare, pause }));
    runs = merged;
  }
  return runs[0] ?? [];
}

async function mergeSorted<T>(
  a: readonly T[],
  b: readonly T[],
  options: {
    readonly compare: (a: T, b: T) => number;
    readonly pause: () => Promise<void> | undefined;
  },
): Promise<T[]> {
  const sorted: T[] = [];
  let [atA, atB] = [0, 0];
  while (atA < a.length && atB < b.length) {
    const [one, other] = [a[atA] as T, b[atB] as T];
    if (options.compare(one, other) <= 0) {
      sorted.push(one);
      atA++;
    } else {
      sorted.push(other);
      atB++;
    }
    if (sorted.length % RUN === 0) await options.pause();
  }
  for (; atA < a.length; atA++) sorted.push(a[atA] as T);
  for (; atB < b.length; atB++) sorted.push(b[atB] as T);
  return sorted;
}
