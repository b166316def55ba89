import type { LiveSource, StreamHandle } from './live-source.ts';
import { Stream } from './stream.ts';
import { selectorOf, TOPICS, type Topic, type TopicName } from './topics.ts';

export interface HostViewOptions {
  readonly source: LiveSource;
  readonly instance: string;
  readonly historyMs: number;
  readonly visible: boolean;
  readonly onChange: () => void;
}

/** Room for the longest view and the sample before it. */
const SAMPLES_MAX = 1_024;

/** Everything the page follows of one host: a stream per topic, opened together and closed together. */
export class HostView {
  readonly instance: string;
  readonly historyMs: number;
  readonly #streams: ReadonlyMap<TopicName, Stream>;
  readonly #handles: readonly StreamHandle[];

  constructor(options: HostViewOptions) {
    const { source, instance, historyMs, visible, onChange } = options;
    this.instance = instance;
    this.historyMs = historyMs;
    const streams = new Map<TopicName, Stream>();
    this.#streams = streams;
    this.#handles = Object.entries(TOPICS).map(([name, topic]: [string, Topic]) => {
      const stream = new Stream(SAMPLES_MAX, onChange);
      streams.set(name as TopicName, stream);
      const request = {
        query: selectorOf(topic.metrics, instance),
        historyMs: topic.history === 'view' ? historyMs : topic.history,
      };
      return source.open(request, stream);
    });
    if (!visible) this.setVisible(false);
  }

  stream(name: TopicName): Stream {
    return this.#streams.get(name) as Stream;
  }

  /** Time of the newest sample of any topic, -Infinity before the first. */
  get newestMs(): number {
    let newestMs = -Infinity;
    for (const stream of this.#streams.values()) newestMs = Math.max(newestMs, stream.newestMs);
    return newestMs;
  }

  get seriesCount(): number {
    let count = 0;
    for (const stream of this.#streams.values()) count += stream.seriesCount;
    return count;
  }

  setVisible(visible: boolean): void {
    for (const handle of this.#handles) handle.setVisible(visible);
  }

  close(): void {
    for (const handle of this.#handles) handle.close();
  }
}
