/**
 * One client that speaks the subprotocol: awaiting hello → open → closing. A session keeps the order of what it
 * sends, its limits and its subscriptions; it knows nothing of sockets, of HTTP, or of how a query is evaluated.
 * All that is sent while one frame is handled, or by one flush, leaves as one frame.
 */
import type { CodedError } from '@nowcast/model';
import {
  CloseCode,
  decodeUp,
  type Ack,
  type DecodeResult,
  type DownMessage,
  type ErrorMessage,
  type ProtocolErrorCode,
} from '@nowcast/protocol';
import { deferred, type Deferred, type Timer } from '@nowcast/std';
import type { AckReceiver } from '../ingest/ack-queue.ts';
import { Publisher } from '../ingest/publisher.ts';
import { FrameCache, type OutgoingMessage } from '../live/frame-cache.ts';
import type { Committable } from '../live/flusher.ts';
import type { HistorySink } from '../live/live-layer.ts';
import type { Subscription } from '../live/subscription.ts';
import type { UpdateBody } from '../live/update-text.ts';
import { AlertLane } from './alert-lane.ts';
import type { BinaryMessage } from './binary-message.ts';
import { handleMessage } from './handlers/handle-message.ts';
import type { ManagedSession } from './managed-session.ts';
import type { Peer, PeerEvents } from './peer.ts';
import { isRetryable } from './retryable.ts';
import type { SessionServices } from './services.ts';

type Phase = 'awaiting-hello' | 'open' | 'closing';

/** A send queue beyond this many times its bound holds things that cannot be merged: nobody reads there. */
const HARD_FACTOR = 2;
const ERROR_WINDOW_MS = 60_000;

export interface SessionIdentity {
  readonly name: string;
  /** A token was given with the upgrade, and it is right; or none is needed. */
  readonly authorized: boolean;
  /** Updates travel in the binary encoding. */
  readonly isBinary: boolean;
}

export class Session implements PeerEvents, ManagedSession, HistorySink, Committable, AckReceiver {
  readonly name: string;
  readonly services: SessionServices;
  readonly subscriptions: Map<string, Subscription> = new Map();
  readonly authorized: boolean;
  readonly isBinary: boolean;
  readonly #peer: Peer;
  readonly #helloTimer: Timer;
  // Most sessions need neither: an idle viewer is kept small.
  #publisher: Publisher | undefined;
  #alertLane: AlertLane | undefined;
  #phase: Phase = 'awaiting-hello';
  #outbox: OutgoingMessage[] = [];
  #samplesInOutbox = 0;
  #numbersGiven = 0;
  #handling = false;
  #heardMs: number;
  #sentMs: number;
  #congested = false;
  #stalledSinceMs = 0;
  #stalledAtBytes = 0;
  #drained: Deferred<boolean> | undefined;
  #errors = 0;
  #errorWindowMs = -Infinity;

  constructor(peer: Peer, identity: SessionIdentity, services: SessionServices) {
    this.#peer = peer;
    this.name = identity.name;
    this.authorized = identity.authorized;
    this.isBinary = identity.isBinary;
    this.services = services;
    const { clock, limits, metrics } = services;
    this.#heardMs = this.#sentMs = clock.monotonicMs();
    this.#helloTimer = clock.after(limits.helloTimeoutMs, () => {
      metrics.limit('helloTimeoutMs');
      this.refuse('hello-timeout', 'no hello came in time', CloseCode.HELLO_TIMEOUT);
    });
  }

  get phase(): Phase {
    return this.#phase;
  }

  get publisher(): Publisher {
    const { clock, limits, metrics, ingest, timing } = this.services;
    const { futureMs } = timing;
    this.#publisher ??= new Publisher({ ingest, clock, limits, metrics, futureMs });
    return this.#publisher;
  }

  get alertLane(): AlertLane {
    this.#alertLane ??= new AlertLane(this.services.alerts, (message) => this.sendNow(message));
    return this.#alertLane;
  }

  get queuedBytes(): number {
    return this.#peer.queuedBytes;
  }

  get congested(): boolean {
    if (!this.#congested && this.#peer.queuedBytes >= this.services.limits.sendQueueBytesMax) {
      this.#congested = true;
      this.#stalledSinceMs = this.services.clock.monotonicMs();
      this.#stalledAtBytes = this.#peer.queuedBytes;
      this.services.metrics.limit('sendQueueBytesMax');
    }
    return this.#congested;
  }

  /** `hello` was answered: everything else may be sent now. */
  opened(): void {
    this.#helloTimer.cancel();
    this.#phase = 'open';
  }

  /** Adds a message to the frame that is being made. */
  reply(message: DownMessage): void {
    if (this.#phase === 'closing') return;
    this.#outbox.push({ text: JSON.stringify(message) });
    if (!this.#handling) this.services.live.flusher.touched(this);
  }

  /** Sends a message by itself, before anything that comes later. */
  sendNow(message: DownMessage): void {
    if (this.#phase === 'closing') return;
    this.#outbox.push({ text: JSON.stringify(message) });
    if (!this.#handling) this.commit(new FrameCache());
  }

  replyError(error: Omit<ErrorMessage, 'type' | 'retryable'> & { retryable?: boolean }): void {
    this.services.metrics.errors.add(1, { code: error.code });
    this.reply({ type: 'error', retryable: isRetryable(error.code), ...error });
    this.#countError();
  }

  /** Answers a failed request with what was thrown; `about` names the request. */
  replyFailure(error: unknown, about: Pick<ErrorMessage, 'id' | 'publish'>): void {
    const { code, message } = error as CodedError;
    if (code === 'too-many-samples') this.services.metrics.limit('historySamplesMax');
    if (typeof code === 'string' && error instanceof Error) {
      this.replyError({ code, message, ...about });
      return;
    }
    this.services.log.error({ err: error, session: this.name }, 'a message could not be handled');
    const text = 'the hub failed while handling the message; its log has the cause';
    this.replyError({ code: 'internal', message: text, ...about });
  }

  /** Says why, and closes. */
  refuse(code: ProtocolErrorCode, message: string, closeCode: number): void {
    if (this.#phase === 'closing') return;
    this.services.metrics.errors.add(1, { code });
    const retryable = isRetryable(code);
    this.#outbox.push({ text: JSON.stringify({ type: 'error', code, message, retryable }) });
    this.close(closeCode, code);
  }

  /** Sends what is waiting, says goodbye, and closes. */
  close(code: number, reason: string, reconnectAfterMs?: number): void {
    if (this.#phase === 'closing') return;
    const goodbye = { type: 'goodbye', code, reason, reconnectAfterMs };
    if (this.#phase === 'open') this.#outbox.push({ text: JSON.stringify(goodbye) });
    this.#phase = 'closing';
    this.#flushOutbox(new FrameCache());
    this.#peer.close(code, reason);
    this.#release();
  }

  update(text: string, body: UpdateBody): void {
    this.#outbox.push({ text, body });
    this.#samplesInOutbox += body.samples;
    if (!this.#handling) this.services.live.flusher.touched(this);
  }

  binaryUpdate(message: BinaryMessage, samples: number): void {
    if (this.#phase === 'closing') return;
    // Two subscriptions that follow one channel are both served by one message.
    if (this.#outbox.at(-1) !== message) this.#outbox.push(message);
    this.#samplesInOutbox += samples;
    if (!this.#handling) this.services.live.flusher.touched(this);
  }

  nextNumber(): number | undefined {
    return this.isBinary ? ++this.#numbersGiven : undefined;
  }

  skipped(): void {
    this.services.metrics.updatesSkipped.add(1);
  }

  commit(frames: FrameCache): void {
    if (this.#outbox.length === 0 || this.#phase === 'closing') return;
    this.#flushOutbox(frames);
    const { sendQueueBytesMax } = this.services.limits;
    if (this.#peer.queuedBytes > sendQueueBytesMax * HARD_FACTOR && this.#stalled())
      this.#tooSlow();
  }

  async roomForMore(): Promise<boolean> {
    this.commit(new FrameCache());
    if (this.congested) {
      this.#drained ??= deferred<boolean>();
      return this.#drained.promise;
    }
    const turn = deferred<boolean>();
    this.services.clock.after(0, () => turn.resolve(this.#phase !== 'closing'));
    return turn.promise;
  }

  text(text: string): void {
    this.heard();
    if (this.#phase === 'closing') return;
    this.#handling = true;
    try {
      for (const result of decodeUp(text)) this.#handle(result);
    } finally {
      this.#handling = false;
    }
    this.commit(new FrameCache());
  }

  binary(): void {
    this.refuse(
      'binary-not-supported',
      'a binary frame came on a text protocol',
      CloseCode.UNSUPPORTED_DATA,
    );
  }

  heard(): void {
    this.#heardMs = this.services.clock.monotonicMs();
  }

  tooLarge(): void {
    this.services.metrics.limit('messageBytesMax');
  }

  drained(): void {
    this.#congested = false;
    this.#drained?.resolve(this.#phase !== 'closing');
    this.#drained = undefined;
    if (this.#phase === 'closing') return;
    for (const subscription of this.subscriptions.values()) subscription.resume();
    this.commit(new FrameCache());
  }

  closed(): void {
    this.#phase = 'closing';
    this.#release();
  }

  acknowledge(acks: readonly Ack[]): void {
    if (this.#phase !== 'open') return;
    for (const ack of acks) this.#outbox.push({ text: JSON.stringify(ack) });
    this.commit(new FrameCache());
  }

  storeUnavailable({ source, epoch, seq }: Ack, message: string): void {
    const publish = { source, epoch, seq };
    this.sendNow({ type: 'error', code: 'store-unavailable', message, retryable: true, publish });
  }

  terminate(): void {
    this.#peer.terminate();
  }

  tick(nowMs: number): void {
    if (this.#phase === 'closing') return;
    const { heartbeatMs } = this.services.timing;
    if (nowMs - this.#heardMs >= heartbeatMs * 2) {
      const message = `nothing was heard for ${heartbeatMs * 2} ms`;
      this.refuse('heartbeat-timeout', message, CloseCode.HEARTBEAT_TIMEOUT);
      return;
    }
    if (this.congested && this.#stalled()) {
      this.#tooSlow();
      return;
    }
    // A client that only listens must be asked now and then, however much it is sent.
    const quietMs = nowMs - Math.min(this.#sentMs, this.#heardMs);
    if (this.#phase === 'open' && quietMs >= heartbeatMs)
      this.sendNow({ type: 'ping', timeMs: this.services.clock.nowMs() });
  }

  #handle(result: DecodeResult): void {
    if (this.#phase === 'closing') return;
    if (!result.ok) {
      this.#handleBad(result);
      return;
    }
    const { message } = result;
    this.services.metrics.messagesReceived.add(1, { type: message.type });
    if ((message.type === 'hello') !== (this.#phase === 'awaiting-hello')) {
      const what =
        message.type === 'hello' ? 'a second hello' : `${message.type} came before hello`;
      this.refuse('out-of-order', what, CloseCode.OUT_OF_ORDER);
      return;
    }
    try {
      handleMessage(this, message);
    } catch (error) {
      // A bug met by one client's message is that client's alone.
      this.replyFailure(error, 'id' in message ? { id: message.id } : {});
    }
  }

  #handleBad({ code, message, id }: Extract<DecodeResult, { ok: false }>): void {
    if (code === 'bad-json') this.refuse(code, message, CloseCode.BAD_MESSAGE);
    else if (this.#phase === 'awaiting-hello' && code === 'unknown-type')
      this.refuse('out-of-order', message, CloseCode.OUT_OF_ORDER);
    else this.replyError({ code, message, id });
  }

  #flushOutbox(frames: FrameCache): void {
    const messages = this.#outbox;
    if (messages.length === 0) return;
    this.#outbox = [];
    const { metrics, clock } = this.services;
    const frame = frames.frame(messages, this.#peer.compresses);
    this.#peer.send(frame);
    this.#sentMs = clock.monotonicMs();
    metrics.framesSent.add(1);
    metrics.bytesSent.add(frame.length);
    metrics.updatesSent.add(this.#samplesInOutbox);
    this.#samplesInOutbox = 0;
  }

  /** True once the queue has not become shorter for the stated time. */
  #stalled(): boolean {
    const nowMs = this.services.clock.monotonicMs();
    const { queuedBytes } = this.#peer;
    if (!this.congested) return false;
    if (queuedBytes < this.#stalledAtBytes) {
      this.#stalledAtBytes = queuedBytes;
      this.#stalledSinceMs = nowMs;
    }
    return nowMs - this.#stalledSinceMs >= this.services.limits.sendStallMs;
  }

  #tooSlow(): void {
    this.services.metrics.limit('sendStallMs');
    this.close(CloseCode.TOO_SLOW, 'too-slow');
  }

  #countError(): void {
    const { clock, limits, metrics } = this.services;
    const nowMs = clock.monotonicMs();
    if (nowMs - this.#errorWindowMs >= ERROR_WINDOW_MS) {
      this.#errorWindowMs = nowMs;
      this.#errors = 0;
    }
    if (++this.#errors <= limits.errorsPerMinuteMax) return;
    metrics.limit('errorsPerMinuteMax');
    const message = `more than ${limits.errorsPerMinuteMax} errors in a minute`;
    this.refuse('too-many-errors', message, CloseCode.RATE_LIMITED);
  }

  #release(): void {
    this.#helloTimer.cancel();
    this.#drained?.resolve(false);
    this.#drained = undefined;
    for (const subscription of this.subscriptions.values()) subscription.close();
    this.subscriptions.clear();
    this.#alertLane?.unwatch();
    this.services.acks.forget(this);
  }
}
