/**
 * The other end of a connection, as far as a session cares. Writing never blocks and never throws: what the
 * socket cannot take waits in `queuedBytes`, which the session watches.
 */
export interface Peer {
  /** For logs. */
  readonly address: string;
  /** Bytes accepted for sending that the system has not taken yet. */
  readonly queuedBytes: number;
  /** Frames may be compressed: the peer agreed to it and it is worth its while. */
  readonly compresses: boolean;
  /** Sends one whole frame, as `encodeTextFrame` makes it. Does nothing once closing has begun. */
  send(frame: Buffer): void;
  /** Sends a WebSocket ping frame. */
  ping(): void;
  /** Starts the closing handshake; what was sent before arrives before it. */
  close(code: number, reason: string): void;
  /** Drops the connection at once. */
  terminate(): void;
}

/** What a session hears from its peer. */
export interface PeerEvents {
  text(text: string): void;
  binary(): void;
  /** Something arrived that is no message: a WebSocket ping or pong. */
  heard(): void;
  /** A frame was larger than may be; the connection closes with 1009. */
  tooLarge(): void;
  /** The send queue is empty again after it was not. */
  drained(): void;
  /** Called exactly once, last. */
  closed(code: number): void;
}
