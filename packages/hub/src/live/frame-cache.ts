/**
 * Frames of one flush. Sessions with the same subscriptions at the same sequence numbers get the very same
 * bytes: encoding, compressing and copying happen once for all of them.
 */
import { encodeBundle } from '@nowcast/protocol';
import { BinaryMessage } from '../sessions/binary-message.ts';
import { encodeBinaryFrame, encodeTextFrame, type FramePart } from '../sessions/frame.ts';
import type { UpdateBody } from './update-text.ts';

/** A message as text: its own, and the body it shares with others, if any. */
export interface TextMessage {
  readonly text: string;
  readonly body?: UpdateBody | undefined;
}

export type OutgoingMessage = TextMessage | BinaryMessage;

export class FrameCache {
  readonly #frames = new Map<string, Buffer>();
  readonly #numbers = new Map<UpdateBody | BinaryMessage, number>();

  /**
   * One frame: the message by itself, or several as an array or bundle. Where text and binary messages follow each other
   * there are several frames, back to back.
   */
  frame(messages: readonly OutgoingMessage[], compress: boolean): Buffer {
    const [first] = messages;
    if (messages.length === 1 && first instanceof BinaryMessage) return first.frame;
    const key = this.#key(messages, compress);
    let frame = this.#frames.get(key);
    if (frame === undefined) {
      const runs = toRuns(messages);
      const frames = runs.map((run) => encodeRun(run, compress));
      frame = frames.length === 1 ? (frames[0] as Buffer) : Buffer.concat(frames);
      this.#frames.set(key, frame);
    }
    return frame;
  }

  #key(messages: readonly OutgoingMessage[], compress: boolean): string {
    let key = compress ? 'c' : 'p';
    for (const message of messages) {
      if (message instanceof BinaryMessage) key += `${this.#number(message)}\n`;
      else {
        const { text, body } = message;
        key += `${text}\n${body === undefined ? '' : this.#number(body)}\n`;
      }
    }
    return key;
  }

  #number(shared: UpdateBody | BinaryMessage): number {
    let number = this.#numbers.get(shared);
    if (number === undefined) {
      number = this.#numbers.size;
      this.#numbers.set(shared, number);
    }
    return number;
  }
}

/** Messages of one kind that follow each other. */
type Run = TextMessage[] | BinaryMessage[];

function toRuns(messages: readonly OutgoingMessage[]): Run[] {
  const runs: Run[] = [];
  for (const message of messages) {
    const run = runs.at(-1);
    const isBinary = message instanceof BinaryMessage;
    if (run !== undefined && run[0] instanceof BinaryMessage === isBinary)
      (run as OutgoingMessage[]).push(message);
    else runs.push([message] as Run);
  }
  return runs;
}

function encodeRun(run: Run, compress: boolean): Buffer {
  if (!isBinaryRun(run)) return encodeTextFrame(toParts(run), compress);
  if (run.length === 1) return (run[0] as BinaryMessage).frame;
  return encodeBinaryFrame(encodeBundle(run.map(({ bytes }) => bytes)));
}

function isBinaryRun(run: Run): run is BinaryMessage[] {
  return run[0] instanceof BinaryMessage;
}

function toParts(messages: readonly TextMessage[]): FramePart[] {
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
