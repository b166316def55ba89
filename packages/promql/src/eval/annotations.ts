import type { Span } from '../ast/span.ts';
import { formatPosition } from '../parse/position.ts';

/** What a reader should know about a result that is no error: collected once each, in Prometheus's words. */
export class Annotations {
  readonly #text: string;
  readonly #warnings = new Set<string>();
  readonly #infos = new Set<string>();

  constructor(text: string) {
    this.#text = text;
  }

  warn(message: string, span: Span): void {
    this.#warnings.add(`PromQL warning: ${message} (${formatPosition(this.#text, span.from)})`);
  }

  info(message: string, span: Span): void {
    this.#infos.add(`PromQL info: ${message} (${formatPosition(this.#text, span.from)})`);
  }

  /** A warning of the store, as it is. */
  pass(warning: string): void {
    this.#warnings.add(warning);
  }

  get warnings(): readonly string[] {
    return [...this.#warnings];
  }

  get infos(): readonly string[] {
    return [...this.#infos];
  }
}
