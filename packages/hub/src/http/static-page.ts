/**
 * The built page. Files named by their content are cached for ever, the rest is revalidated by ETag; ready-made
 * `.br` and `.gz` neighbours are sent to whoever takes them. A path without a file that looks like a page of the
 * application gets `index.html`.
 */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

const CONTENT_NAMED = /-[\w-]{8,}\.\w+$/;
const ENCODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;

interface CachedFile {
  readonly modifiedMs: number;
  readonly etag: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export class StaticPage {
  readonly #dir: string;
  readonly #files = new Map<string, CachedFile>();

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** @returns undefined when there is nothing to send for this path. */
  async respond(path: string, headers: Headers): Promise<Response | undefined> {
    const wanted = this.#resolve(path);
    if (wanted === undefined) return undefined;
    const name = (await this.#read(wanted)) === undefined ? this.#fallback(path) : wanted;
    if (name === undefined) return undefined;
    const accepted = headers.get('accept-encoding') ?? '';
    for (const [encoding, suffix] of ENCODINGS) {
      if (!accepted.includes(encoding)) continue;
      const file = await this.#read(name + suffix);
      if (file !== undefined) return toResponse(name, file, headers, encoding);
    }
    const file = await this.#read(name);
    return file === undefined ? undefined : toResponse(name, file, headers);
  }

  #resolve(path: string): string | undefined {
    let decoded: string;
    try {
      decoded = decodeURIComponent(path);
    } catch {
      return undefined;
    }
    if (decoded.includes('\0')) return undefined;
    const name = normalize(join(this.#dir, decoded === '/' ? 'index.html' : decoded));
    return name.startsWith(this.#dir + sep) ? name : undefined;
  }

  #fallback(path: string): string | undefined {
    return extname(path) === '' ? join(this.#dir, 'index.html') : undefined;
  }

  async #read(name: string): Promise<CachedFile | undefined> {
    const found = await stat(name).catch(() => undefined);
    if (found === undefined || !found.isFile()) return undefined;
    const known = this.#files.get(name);
    if (known?.modifiedMs === found.mtimeMs) return known;
    const bytes = Uint8Array.from(await readFile(name));
    const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
    const file = { modifiedMs: found.mtimeMs, etag, bytes };
    this.#files.set(name, file);
    return file;
  }
}

function toResponse(
  name: string,
  { etag, bytes }: CachedFile,
  request: Headers,
  encoding?: string,
): Response {
  const headers = new Headers({
    ETag: etag,
    Vary: 'Accept-Encoding',
    'Cache-Control': CONTENT_NAMED.test(name) ? 'public, max-age=31536000, immutable' : 'no-cache',
    'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream',
  });
  if (encoding !== undefined) headers.set('Content-Encoding', encoding);
  if (request.get('if-none-match')?.includes(etag) === true)
    return new Response(null, { status: 304, headers });
  return new Response(bytes, { headers });
}
