import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { MiddlewareHandler } from 'hono';

/** Shorter answers fit into one packet as they are. */
const BYTES_MIN = 1_400;

const compressAsync = promisify(gzip);

/**
 * Answers in gzip for those who read it. The work is done in one piece by zlib's own thread, at its lowest
 * level: on numbers in text the higher ones cost several times the time for a few per cent.
 */
export function compression(): MiddlewareHandler {
  return async (c, next) => {
    await next();
    const { res } = c;
    if (!/\bgzip\b/.test(c.req.header('accept-encoding') ?? '')) return;
    if (res.body === null || res.headers.has('content-encoding')) return;
    if (res.headers.get('content-type')?.startsWith('application/json') !== true) return;
    const body = new Uint8Array(await res.arrayBuffer());
    const headers = new Headers(res.headers);
    headers.append('vary', 'accept-encoding');
    if (body.length < BYTES_MIN) {
      c.res = new Response(body, { status: res.status, headers });
      return;
    }
    headers.set('content-encoding', 'gzip');
    headers.delete('content-length');
    const packed = await compressAsync(body, { level: constants.Z_BEST_SPEED });
    c.res = new Response(packed, { status: res.status, headers });
  };
}
