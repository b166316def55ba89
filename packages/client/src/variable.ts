import { guarded } from './guarded-callback.ts';
import type { Observable } from './status.ts';

/** The writable side of an `Observable`. */
export class Variable<T> implements Observable<T> {
  readonly #readers = new Set<{ readonly read: (value: T) => void }>();
  #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  set(value: T): void {
    this.#value = value;
    for (const reader of this.#readers) guarded(() => reader.read(value));
  }

  observe(read: (value: T) => void): () => void {
    const reader = { read };
    this.#readers.add(reader);
    guarded(() => read(this.#value));
    return () => void this.#readers.delete(reader);
  }
}
