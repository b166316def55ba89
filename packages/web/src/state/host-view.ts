import type { LiveSource, StreamHandle } from './live-source.ts';
import { pastQueries, rangeOf, stepOf } from './past-query.ts';
import { PastStream } from './past-stream.ts';
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

interface KnownPast {
  readonly windowMinutes: number;
  readonly past: PastStream;
  askedMs: number;
}

/** The store is asked for the same range no more often. */
const ASK_AGAIN_MS = 10_000;

/** Everything the page follows of one host: a stream per topic, opened together and closed together. */
export class HostView {
  readonly instance: string;
  readonly historyMs: number;
  readonly #streams: ReadonlyMap<TopicName, Stream>;
  readonly #handles: readonly StreamHandle[];
  readonly #options: HostViewOptions;
  readonly #pasts = new Map<TopicName, KnownPast>();

  constructor(options: HostViewOptions) {
    const { source, instance, historyMs, visible, onChange } = options;
    this.#options = options;
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

  /** A topic over a range longer than its stream; undefined where the stream has it all. */
  past(name: TopicName, windowMinutes: number): PastStream | undefined {
    const stepMs = stepOf(windowMinutes);
    const metrics = TOPICS[name].past;
    if (stepMs === undefined || metrics === undefined) return undefined;
    const nowMs = this.#options.source.serverNowMs();
    let known = this.#pasts.get(name);
    if (known?.windowMinutes !== windowMinutes) {
      const past = new PastStream(this.stream(name), metrics, stepMs);
      known = { windowMinutes, past, askedMs: nowMs };
      this.#pasts.set(name, known);
      void this.#load(name, known.past, windowMinutes);
    } else if (known.past.takeIncomplete() && nowMs - known.askedMs >= ASK_AGAIN_MS) {
      known.askedMs = nowMs;
      void this.#load(name, known.past, windowMinutes);
    }
    return known.past;
  }

  async #load(name: TopicName, past: PastStream, windowMinutes: number): Promise<void> {
    const { source, instance, onChange } = this.#options;
    const metrics = TOPICS[name].past ?? { counters: [], gauges: [] };
    const window = { nowMs: source.serverNowMs(), windowMs: windowMinutes * 60_000 };
    const queries = pastQueries(metrics, instance, past.stepMs);
    try {
      const answers = await Promise.all(
        queries.map((query) => source.past(rangeOf(query, past.stepMs, window))),
      );
      past.replace(answers.flat());
    } catch {
      past.fail();
    }
    onChange();
  }

  setVisible(visible: boolean): void {
    for (const handle of this.#handles) handle.setVisible(visible);
  }

  close(): void {
    for (const handle of this.#handles) handle.close();
  }
}
