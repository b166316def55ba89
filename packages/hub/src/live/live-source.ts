/** What subscriptions are fed by, whether the samples are as they came or what an expression makes of them. */
import type { CodedError, Queryable } from '@nowcast/model';
import type { Clock } from '@nowcast/std';
import type { ChannelWire } from './channel-wire.ts';
import type { StandingPosition } from './standing-channel.ts';
import type { UpdateBody } from './update-text.ts';

export interface ChannelContract {
  /** Flushes come no closer together; samples in between are merged when it is above 0. */
  readonly minIntervalMs: number;
  readonly digits: number | null;
  readonly deadband: number | null;
}

/** Series under one query; equal queries share it. */
export interface LiveSource {
  /** Canonical spelling. */
  readonly query: string;
  /** Distance of the steps it is evaluated at; undefined for samples as they came. */
  readonly stepMs: number | undefined;
  /** The open step is evaluated no more often than this; undefined for samples as they came. */
  readonly evaluationIntervalMs: number | undefined;
  /** Resolves when there is something to be told; undefined when there is. */
  readonly ready: Promise<void> | undefined;
  /** Keeps refs alive until `release`. */
  retain(): void;
  release(): void;
  /** The shared channel of a contract; it lasts while it has watchers. */
  channel(contract: ChannelContract): LiveChannel;
}

/** What a watcher knows: by local ref the time of the newest sample it was told, or a version of the results. */
export type Position = Float64Array | StandingPosition;

/** A source under one contract: what is collected between two flushes, encoded once for all who watch. */
export interface LiveChannel {
  add(watcher: Watcher): void;
  delete(watcher: Watcher): void;
  /** What a watcher that is added now knows. */
  position(): Position;
  /**
   * Everything that brings a watcher from `since` (nothing, without it) to the channel's state, for one that is added
   * right after. Undefined: there is no state yet, and the first flush will tell all.
   */
  refill(since?: Position): UpdateBody | undefined;
  /** The past of a watcher that is added right after, as updates; what it is told live goes on from there. */
  past(reader: PastReader, historyMs: number): Promise<Iterable<UpdateBody>>;
}

/** Where a channel's past is read. */
export interface PastReader {
  readonly clock: Clock;
  readonly queryable: Queryable;
  /** How far ahead of now samples may be. */
  readonly futureMs: number;
  readonly lookbackMs: number;
  readonly samplesMax: number;
}

export interface Watcher {
  /** True: leave me out of this flush; `park` follows, with what the watcher knew before it. */
  readonly congested: boolean;
  /** It is one of the watchers from now on; where the channel's binary stream stands can be asked for. */
  joined(wire: ChannelWire): void;
  left(): void;
  deliver(body: UpdateBody): void;
  park(position: Position): void;
  /** The query gave an error on the data it met; it goes on. */
  failed(error: CodedError): void;
  /** The source's terms have changed. */
  regranted(): void;
}

/** Something the flusher sends when it is due. */
export interface Flushable {
  readonly contract: ChannelContract;
  /** When it was flushed last, on the monotonic clock. */
  flushedMs: number;
  /** Arrival of the oldest thing not yet sent, on the monotonic clock. */
  dirtySinceMs: number;
  /** Sends what has been collected. Returns how many watchers were handed it. */
  flush(): number;
}
