import type { Host } from '../host.ts';

/** Names by user id, from `/etc/passwd`; a user known only elsewhere is shown by number. */
export class UserNames {
  readonly #host: Host;
  #names: Map<number, string> | undefined;
  readonly #unknown = new Set<number>();

  constructor(host: Host) {
    this.#host = host;
  }

  nameOf(uid: number): string {
    if (this.#names?.get(uid) === undefined && !this.#unknown.has(uid)) this.#load(uid);
    return this.#names?.get(uid) ?? String(uid);
  }

  /** Reads the file again for each user not met before: accounts are added while the agent runs. */
  #load(uid: number): void {
    this.#names = new Map();
    for (const line of (this.#host.rootText('/etc/passwd') ?? '').split('\n')) {
      const [name, , id] = line.split(':');
      if (name && id && !this.#names.has(Number(id))) this.#names.set(Number(id), name);
    }
    if (!this.#names.has(uid)) this.#unknown.add(uid);
  }
}
