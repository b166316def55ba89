import { encodeBinaryFrame } from './frame.ts';

/** A message of the binary encoding. Where it travels by itself its frame is made once, however many get it. */
export class BinaryMessage {
  readonly bytes: Uint8Array;
  #frame: Buffer | undefined;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get frame(): Buffer {
    this.#frame ??= encodeBinaryFrame(this.bytes);
    return this.#frame;
  }
}
