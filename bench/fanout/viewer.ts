/** A WebSocket client that does little but count: the load must not be what is measured. */
import { request } from 'node:http';
import type { Socket } from 'node:net';
import { constants, inflateRawSync } from 'node:zlib';

export interface ViewerOptions {
  readonly url: string;
  readonly protocol?: string | undefined;
  readonly compression: boolean;
  /** What came: text, or the bytes of a binary frame. */
  readonly onFrame: (frame: string | Uint8Array, viewer: Viewer) => void;
}

const KEY = Buffer.from('nowcast fan-out!').toString('base64');
const TAIL = Buffer.from([0x00, 0x00, 0xff, 0xff]);

export class Viewer {
  readonly #socket: Socket;
  readonly #onFrame: ViewerOptions['onFrame'];
  #rest: Buffer = Buffer.alloc(0);
  bytes: number = 0;
  frames: number = 0;

  private constructor(socket: Socket, onFrame: ViewerOptions['onFrame']) {
    this.#socket = socket;
    this.#onFrame = onFrame;
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
  }

  static open({ url, protocol, compression, onFrame }: ViewerOptions): Promise<Viewer> {
    const headers = {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': KEY,
      ...(protocol === undefined ? {} : { 'Sec-WebSocket-Protocol': protocol }),
      ...(compression ? { 'Sec-WebSocket-Extensions': 'permessage-deflate' } : {}),
    };
    return new Promise((resolve, reject) => {
      const upgrade = request(url.replace('ws:', 'http:'), { headers });
      upgrade.on('error', reject);
      upgrade.on('upgrade', (_, socket, head) => {
        const viewer = new Viewer(socket, onFrame);
        if (head.length > 0) viewer.#read(head);
        resolve(viewer);
      });
      upgrade.end();
    });
  }

  send(text: string): void {
    const payload = Buffer.from(text);
    const short = payload.length < 126;
    const header = Buffer.alloc(short ? 6 : 8);
    header[0] = 0x81;
    header[1] = 0x80 | (short ? payload.length : 126);
    if (!short) header.writeUInt16BE(payload.length, 2);
    // The mask is zero: masking is what a browser does, not what is measured.
    this.#socket.write(Buffer.concat([header, payload]));
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    this.bytes += chunk.length;
    let data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (;;) {
      if (data.length < 2) break;
      const short = (data[1] as number) & 0x7f;
      const start = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (data.length < start) break;
      const length =
        short < 126
          ? short
          : short === 126
            ? data.readUInt16BE(2)
            : Number(data.readBigUInt64BE(2));
      if (data.length < start + length) break;
      this.#frame(data[0] as number, data.subarray(start, start + length));
      data = data.subarray(start + length);
    }
    this.#rest = data;
  }

  #frame(first: number, payload: Buffer): void {
    const opcode = first & 0x0f;
    if (opcode !== 1 && opcode !== 2) return;
    this.frames++;
    if (opcode === 2) {
      this.#onFrame(payload, this);
      return;
    }
    const plain =
      (first & 0x40) === 0
        ? payload
        : inflateRawSync(Buffer.concat([payload, TAIL]), {
            finishFlush: constants.Z_SYNC_FLUSH,
          });
    this.#onFrame(plain.toString(), this);
  }
}
