import { spawn, type ChildProcess } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseExposition, type Exposition } from './exposition.ts';

export const NODE_EXPORTER = '/usr/bin/prometheus-node-exporter';

export function hasNodeExporter(): boolean {
  try {
    accessSync(NODE_EXPORTER, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Debian's node_exporter on a free port of the loopback address; ends with its `await using`. */
export class NodeExporter implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #address: string;

  private constructor(child: ChildProcess, address: string) {
    this.#child = child;
    this.#address = address;
  }

  static async start(flags: readonly string[] = []): Promise<NodeExporter> {
    const child = spawn(NODE_EXPORTER, ['--web.listen-address=127.0.0.1:0', ...flags], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    for await (const line of createInterface({ input: child.stderr })) {
      const listening = /msg="Listening on" address=(\S+)/.exec(line);
      if (listening) {
        child.stderr.resume();
        return new NodeExporter(child, listening[1] as string);
      }
    }
    throw new Error('node_exporter ended before it listened');
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  async text(): Promise<string> {
    const response = await fetch(`http://${this.#address}/metrics`);
    return await response.text();
  }

  async scrape(): Promise<Exposition> {
    return parseExposition(await this.text());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill();
    await ended;
  }
}
