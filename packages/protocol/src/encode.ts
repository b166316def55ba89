import type { DownMessage } from './down.ts';
import type { UpMessage } from './up.ts';

/** One message, or several as one frame. */
export function encodeFrame(messages: readonly (DownMessage | UpMessage)[]): string {
  return JSON.stringify(messages.length === 1 ? messages[0] : messages);
}

/**
 * Reads a frame from the hub, which the client trusts: unknown types are passed on for the caller to
 * ignore, so that an older client survives a newer hub.
 * @throws {SyntaxError} when the frame is not JSON.
 */
export function decodeDown(frame: string): readonly DownMessage[] {
  const input: unknown = JSON.parse(frame);
  return (Array.isArray(input) ? input : [input]) as readonly DownMessage[];
}
