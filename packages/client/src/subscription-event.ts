import type { CodedError } from '@nowcast/model';
import type { Grant } from '@nowcast/protocol';
import type { LiveSeries } from './live-series.ts';
import type { SampleBatch } from './sample-batch.ts';

/**
 * What a subscription tells its reader. Within one update of the hub the order is joined, samples, left;
 * a sample belongs to a series that has joined and not left.
 */
export type SubscriptionEvent =
  /** The hub opened the subscription or changed its contract; also after each reconnect. */
  | {
      readonly type: 'granted';
      /** The query in canonical spelling. */
      readonly query: string;
      readonly grant: Grant;
    }
  | { readonly type: 'joined'; readonly series: readonly LiveSeries[] }
  | { readonly type: 'samples'; readonly batch: SampleBatch }
  | { readonly type: 'left'; readonly series: readonly LiveSeries[] }
  /** What was told since opening (or `resumed`) was history; from here on it is live. */
  | { readonly type: 'live' }
  /**
   * The stream goes on after a reconnect. Nothing has to be forgotten: series keep their identity, what was
   * missed follows as history, and what is already known is not told again.
   */
  | {
      readonly type: 'resumed';
      /** What was missed and cannot be asked for, because it is older than `catchUpMaxMs`. */
      readonly gap?: { readonly fromMs: number; readonly toMs: number } | undefined;
    }
  /** The reader was too slow: this many updates lost their samples; joined and left were kept. */
  | { readonly type: 'skipped'; readonly updates: number }
  /** The hub refused. Unless `retrying`, the subscription is over. */
  | { readonly type: 'error'; readonly error: CodedError; readonly retrying: boolean };
