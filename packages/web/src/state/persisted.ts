import { effect, signal, type Signal } from '@preact/signals';

/**
 * A choice that outlives the page. What is stored is checked against the choices there are, so an old or
 * foreign entry falls back to `initial`; without storage the choice lives as long as the page.
 */
export function persisted<T extends string | number>(
  name: string,
  initial: T,
  choices: readonly T[],
): Signal<T> {
  const key = `nowcast.${name}`;
  const choice = signal(readStored(key, choices) ?? initial);
  let first = true;
  effect(() => {
    const { value } = choice;
    // What the browser suggests is not a choice: it is stored once the reader made one.
    if (first) first = false;
    else writeStored(key, value);
  });
  return choice;
}

function readStored<T extends string | number>(key: string, choices: readonly T[]): T | undefined {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? 'null');
    return choices.find((choice) => choice === stored);
  } catch {
    return undefined;
  }
}

function writeStored(key: string, value: string | number): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A full or forbidden storage costs the memory of the choice, nothing else.
  }
}
