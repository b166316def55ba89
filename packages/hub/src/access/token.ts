/**
 * The access token. On loopback none is needed; beyond, everything but the health of the hub asks for it. It
 * is made once, kept in the data folder for its owner only, and compared in constant time.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const TOKEN_BYTES = 24;
const OWNER_ONLY = 0o600;
export const TOKEN_COOKIE = 'nowcast_token';

export class TokenGuard {
  /** The token, or undefined when everybody may come in. */
  readonly token: string | undefined;
  readonly #digest: Buffer | undefined;

  constructor(token: string | undefined) {
    this.token = token;
    this.#digest = token === undefined ? undefined : digest(token);
  }

  get required(): boolean {
    return this.#digest !== undefined;
  }

  accepts(token: string | undefined): boolean {
    if (this.#digest === undefined) return true;
    return token !== undefined && timingSafeEqual(this.#digest, digest(token));
  }
}

/** What a request carries: the Authorization header, `?token=`, or the cookie, in this order. */
export function tokenOf(headers: {
  readonly authorization?: string | undefined;
  readonly cookie?: string | undefined;
  readonly url: URL;
}): string | undefined {
  const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  return bearer ?? headers.url.searchParams.get('token') ?? cookieOf(headers.cookie);
}

/** The token kept in the data folder; made on the first call. */
export async function keptToken(dataDir: string): Promise<string> {
  const file = join(dataDir, 'token');
  try {
    const token = (await readFile(file, 'utf8')).trim();
    if (token !== '') return token;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  await writeFile(file, `${token}\n`, { mode: OWNER_ONLY });
  return token;
}

function cookieOf(header: string | undefined): string | undefined {
  for (const pair of (header ?? '').split(';')) {
    const [name, value] = pair.trim().split('=', 2);
    if (name === TOKEN_COOKIE && value !== undefined) return decoded(value);
  }
  return undefined;
}

/** Anybody can send a cookie that no page of ours has set. */
function decoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
