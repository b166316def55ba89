/**
 * One client without a subprotocol: greeted at once, then told what its feed has to say about once a second. Any
 * text it sends is its heartbeat and is answered. A reader that is too slow misses messages; once it reads again it is
 * told everything anew.
 */
import {
  CloseCode,
  type PlainHeartbeat,
  type PlainValues,
  type PlainWelcome,
} from '@nowcast/protocol';
import { parseDuration, type CodedError } from '@nowcast/model';
import { deferred, type Deferred } from '@nowcast/std';
import { encodeTextFrame } from './frame.ts';
import type { ManagedSession } from './managed-session.ts';
import type { Peer, PeerEvents } from './peer.ts';
import type { PlainFeeds, PlainReader } from './plain-feed.ts';
import { plainHistory } from './plain-history.ts';
import { isRetryable } from './retryable.ts';
import type { SessionServices } from './services.ts';
import type { Selection } from '../live/selection.ts';

const ECHO_CHARACTERS = 100;
/** What the address of a plain client says. */
export interface PlainRequest {
  /** The text of `?query=`. */
  readonly query: string | undefined;
  /** The text of `?history=`, a duration. */
  readonly history: string | undefined;
}

/** With nothing to tell, an empty message shows that the stream is alive. */
const QUIET_MS = 10_000;

export class PlainSession implements PeerEvents, ManagedSession, PlainReader {
  readonly name: string;
  readonly #peer: Peer;
  readonly #services: SessionServices;
  #stopReading: (() => void) | undefined;
  #withValues = false;
  #heardMs: number;
  #sentMs: number;
  #pingedMs: number;
  #stalledSinceMs: number | undefined;
  #missed = false;
  #closing = false;
  /** Waits for room in the send queue. */
  #awaited: Deferred<void> | undefined;

  constructor(peer: Peer, name: string, services: SessionServices) {
    this.#peer = peer;
    this.name = name;
    this.#services = services;
    this.#heardMs = this.#sentMs = this.#pingedMs = services.clock.monotonicMs();
  }

  get missed(): boolean {
    return this.#missed;
  }

  get queuedBytes(): number {
    return this.#peer.queuedBytes;
  }

  /** Greets and begins the stream. */
  start(feeds: PlainFeeds, { query, history }: PlainRequest): void {
    const { clock, live } = this.#services;
    let selection: Selection | undefined;
    let historyMs = 0;
    try {
      selection = query === undefined ? undefined : live.selection(query);
      historyMs = history === undefined ? 0 : parseDuration(history);
    } catch (error) {
      this.#refuse(error as CodedError);
      return;
    }
    this.#withValues = selection !== undefined;
    const serverTimeMs = clock.nowMs();
    const welcome: PlainWelcome = {
      type: 'welcome',
      message:
        selection === undefined
          ? 'Nowcast: an overview of all hosts follows every second. Add ?query=SELECTOR for series of your choice.'
          : `Nowcast: the values of ${selection.query} follow, then changes every second.`,
      time: new Date(serverTimeMs).toISOString(),
      serverTimeMs,
      query: selection?.query,
    };
    this.#send(JSON.stringify(welcome));
    if (selection === undefined || historyMs === 0)
      this.#stopReading = feeds.follow(this, selection);
    else void this.#startWithHistory(feeds, selection, historyMs);
  }

  /** Tells the past at the reader's pace, then goes on live; where the past cannot be had it says why. */
  async #startWithHistory(
    feeds: PlainFeeds,
    selection: Selection,
    historyMs: number,
  ): Promise<void> {
    const { clock, store, timing } = this.#services;
    const nowMs = clock.nowMs();
    const range = { startMs: nowMs - historyMs, endMs: nowMs + timing.futureMs };
    try {
      for (const text of await plainHistory(store, selection, range)) {
        await this.#room();
        if (this.#closing) return;
        this.#send(text);
      }
    } catch (error) {
      if (!this.#closing) this.#tellError(error as CodedError);
    }
    if (!this.#closing) this.#stopReading = feeds.follow(this, selection);
  }

  /** Resolves when the reader can take more, or is gone. */
  async #room(): Promise<void> {
    const { limits, clock } = this.#services;
    if (this.#closing || this.#peer.queuedBytes < limits.sendQueueBytesMax) return;
    this.#stalledSinceMs ??= clock.monotonicMs();
    this.#awaited = deferred();
    await this.#awaited.promise;
  }

  read(text: string | undefined): void {
    if (text !== undefined) this.#missed = !this.#offer(text);
    else if (this.#withValues && this.#quietMs() >= QUIET_MS) this.#offer(this.#emptyValues());
  }

  text(text: string): void {
    this.heard();
    if (this.#closing) return;
    this.#services.metrics.messagesReceived.add(1, { type: 'plain' });
    const serverTimeMs = this.#services.clock.nowMs();
    const answer: PlainHeartbeat = {
      type: 'heartbeat',
      echo: Array.from(text.slice(0, ECHO_CHARACTERS * 2))
        .slice(0, ECHO_CHARACTERS)
        .join(''),
      time: new Date(serverTimeMs).toISOString(),
      serverTimeMs,
    };
    this.#offer(JSON.stringify(answer));
  }

  binary(): void {
    this.close(CloseCode.UNSUPPORTED_DATA, 'binary-not-supported');
  }

  heard(): void {
    this.#heardMs = this.#services.clock.monotonicMs();
  }

  tooLarge(): void {
    this.#services.metrics.limit('messageBytesMax');
  }

  drained(): void {
    this.#stalledSinceMs = undefined;
    this.#awaited?.resolve();
  }

  closed(): void {
    this.#closing = true;
    this.#awaited?.resolve();
    this.#stopReading?.();
    this.#stopReading = undefined;
  }

  terminate(): void {
    this.#peer.terminate();
  }

  tick(nowMs: number): void {
    const { heartbeatMs } = this.#services.timing;
    const { metrics, limits } = this.#services;
    if (this.#closing) return;
    if (nowMs - this.#heardMs >= heartbeatMs * 2)
      this.close(CloseCode.HEARTBEAT_TIMEOUT, 'heartbeat-timeout');
    else if (
      this.#stalledSinceMs !== undefined &&
      nowMs - this.#stalledSinceMs >= limits.sendStallMs
    ) {
      metrics.limit('sendStallMs');
      this.close(CloseCode.TOO_SLOW, 'too-slow');
    } else if (nowMs - this.#pingedMs >= heartbeatMs) {
      this.#pingedMs = nowMs;
      this.#peer.ping();
    }
  }

  close(code: number, reason: string): void {
    if (this.#closing) return;
    this.closed();
    this.#peer.close(code, reason);
  }

  /** Sends unless the reader is behind; returns whether it did. */
  #offer(text: string): boolean {
    const { limits, clock, metrics } = this.#services;
    if (this.#peer.queuedBytes < limits.sendQueueBytesMax) {
      this.#send(text);
      return true;
    }
    if (this.#stalledSinceMs === undefined) metrics.limit('sendQueueBytesMax');
    this.#stalledSinceMs ??= clock.monotonicMs();
    metrics.updatesSkipped.add(1);
    return false;
  }

  #send(text: string): void {
    const { metrics, clock } = this.#services;
    const frame = encodeTextFrame([text], this.#peer.compresses);
    this.#peer.send(frame);
    this.#sentMs = clock.monotonicMs();
    metrics.framesSent.add(1);
    metrics.bytesSent.add(frame.length);
  }

  #refuse(error: CodedError): void {
    this.#tellError(error);
    this.close(CloseCode.BAD_MESSAGE, error.code);
  }

  #tellError({ code, message }: CodedError): void {
    const retryable = isRetryable(code);
    this.#services.metrics.errors.add(1, { code });
    this.#send(JSON.stringify({ type: 'error', code, message, retryable }));
  }

  #quietMs(): number {
    return this.#services.clock.monotonicMs() - this.#sentMs;
  }

  #emptyValues(): string {
    const timeMs = this.#services.clock.nowMs();
    const time = new Date(timeMs).toISOString();
    return JSON.stringify({ type: 'values', time, timeMs, values: {} } satisfies PlainValues);
  }
}
