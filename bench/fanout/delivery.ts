/**
 * What frames deliver. Every viewer's frames are counted; what a frame says is read once, for it is the same bytes for all
 * viewers: otherwise the load would need more of the machine than what is measured.
 */
import { SessionDecoder, type DownMessage } from '@nowcast/protocol';
import { build, type Histogram } from 'hdr-histogram-js';
import type { Viewer } from './viewer.ts';

/** Samples of one time. */
interface Told {
  readonly timeMs: number;
  readonly samples: number;
}

interface TimedSample {
  readonly timeMs: number;
}

const SEQ_COUNT = 256;

export const nowMs = (): number => performance.timeOrigin + performance.now();

export class Delivery {
  readonly latency: Histogram = build({
    highestTrackableValue: 60_000_000,
    numberOfSignificantValueDigits: 3,
  });
  readonly #decoder = new SessionDecoder();
  readonly #broadcasts: (readonly Told[] | undefined)[] = [];
  #reader: Viewer | undefined;
  #text = '';
  #told: readonly Told[] = [];
  #seq = 0;
  measuring: boolean = false;
  updates: number = 0;

  /** One frame of our protocol. */
  nowcast(frame: string | Uint8Array, viewer: Viewer): void {
    // One viewer's session is read in whole; what is broadcast is the same for all.
    this.#reader ??= viewer;
    if (typeof frame === 'string') this.#count(this.#ofText(frame, viewer));
    else if ((frame[0] as number) < 0x40) this.#count(this.#ofBroadcast(frame));
    else if (viewer === this.#reader) this.#count(toldBy(this.#decoder.decode(frame)));
  }

  /** One message of the controls: a sample, or an array of them. */
  control(text: string): void {
    if (text !== this.#text) {
      this.#text = text;
      const samples = [JSON.parse(text) as TimedSample | TimedSample[]].flat();
      this.#told = samples.map(({ timeMs }) => ({ timeMs, samples: 1 }));
    }
    this.#count(this.#told);
  }

  #ofText(text: string, viewer: Viewer): readonly Told[] {
    if (viewer !== this.#reader && text === this.#text) return this.#told;
    const messages =
      viewer === this.#reader
        ? this.#decoder.decode(text)
        : [JSON.parse(text) as DownMessage | DownMessage[]].flat();
    this.#text = text;
    this.#told = toldBy(messages);
    return this.#told;
  }

  #ofBroadcast(frame: Uint8Array): readonly Told[] {
    // Channels of a bench have one byte.
    const seq = frame[2] as number;
    if (seq === (this.#seq + 1) % SEQ_COUNT) {
      this.#seq = seq;
      this.#broadcasts[seq] = toldBy(this.#decoder.decode(frame));
    }
    return this.#broadcasts[seq] ?? [];
  }

  #count(told: readonly Told[]): void {
    if (!this.measuring) return;
    for (const { timeMs, samples } of told) {
      this.updates += samples;
      const us = Math.max(1, Math.round((nowMs() - timeMs) * 1_000));
      this.latency.recordValueWithCount(us, samples);
    }
  }
}

function toldBy(messages: readonly DownMessage[]): Told[] {
  return messages.flatMap((message) => {
    if (message.type !== 'update') return [];
    return message.groups.map(({ timeMs, refs, same = [] }) => {
      let samples = refs.length;
      for (let at = 0; at < same.length; at += 2)
        samples += (same[at + 1] as number) - (same[at] as number) + 1;
      return { timeMs, samples };
    });
  });
}
