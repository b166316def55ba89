/** A series of a subscription: the same object for the same labels, also across reconnects. */
import type { LabelSet, MetricMetadata } from '@nowcast/model';

export interface LiveSeries extends MetricMetadata {
  readonly labels: LabelSet;
  /** Time and value of the newest sample that was delivered; NaN before the first. */
  readonly lastMs: number;
  readonly lastValue: number;
}

/** The side of a series that the decoder writes. */
export class SeriesEntry implements LiveSeries {
  readonly labels: LabelSet;
  readonly type: MetricMetadata['type'];
  readonly unit: string | undefined;
  readonly help: string | undefined;
  lastMs: number = NaN;
  lastValue: number = NaN;
  /** Samples before this were delivered over an earlier connection. */
  resumeMs: number = -Infinity;
  /** The newest value on this connection, delivered or not: what `same` refers to. */
  streamValue: number = NaN;
  /** `streamValue` while a batch is read ahead of `apply`, valid for the reading with this number. */
  readingValue: number = NaN;
  reading = 0;

  constructor(labels: LabelSet, metadata: MetricMetadata) {
    this.labels = labels;
    this.type = metadata.type;
    this.unit = metadata.unit;
    this.help = metadata.help;
  }

  /** True when a sample is already known from before the last reconnect. */
  knows(timeMs: number, value: number): boolean {
    if (timeMs !== this.resumeMs) return timeMs < this.resumeMs;
    return timeMs === this.lastMs && Object.is(value, this.lastValue);
  }
}
