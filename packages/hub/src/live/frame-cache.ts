/**
 * Frames of one flush. Sessions with the same subscriptions at the same sequence numbers get the very same
 * bytes: encoding, compressing and copying happen once for all of them.
 */
import { encodeTextFrame, type FramePart } from '../sessions/frame.ts';
import type { UpdateBody } from './update-text.ts';

/** One message of a frame: its own text, and the body it shares with others, if any. */
export interface OutgoingMessage {
  readonly text: string;
  readonly body?: UpdateBody | undefined;
}

export class FrameCache {
  readonly #frames = new Map<string, Buffer>();
  readonly #bodyNumbers = new Map<UpdateBody, number>();

  /** One frame: the message by itself, or several as an array. */
  frame(messages: readonly OutgoingMessage[], compress: boolean): Buffer {
    let key = compress ? 'c' : 'p';
    for (const { text, body } of messages)
      key += `${text}\n${body === undefined ? '' : this.#number(body)}\n`;
    let frame = this.#frames.get(key);
    if (frame === undefined) {
      frame = encodeTextFrame(toParts(messages), compress);
      this.#frames.set(key, frame);
    }
    return frame;
  }

  #number(body: UpdateBody): number {
    let number = this.#bodyNumbers.get(body);
    if (number === undefined) {
      number = this.#bodyNumbers.size;
      this.#bodyNumbers.set(body, number);
    }
    return number;
  }
}

function toParts(messages: readonly OutgoingMessage[]): FramePart[] {
  const many = messages.length > 1;
  const parts: FramePart[] = [];
  let own = many ? '[' : '';
  for (const [at, { text, body }] of messages.entries()) {
    own += at > 0 ? `,${text}` : text;
    if (body === undefined) continue;
    parts.push(own, body.text);
    own = '';
  }
  if (many) own += ']';
  if (own !== '') parts.push(own);
  return parts;
}
