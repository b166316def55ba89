/**
 * Who may talk to the hub through a browser. A page of another site is refused by its Origin; a page that made
 * its own name point at this machine (DNS rebinding) is refused by the Host header it cannot choose.
 */
import { isIPv4 } from 'node:net';

/** True for addresses and names that never leave this machine. */
export function isLoopback(host: string): boolean {
  const plain = host.replaceAll(/[[\]]/g, '').replace(/^::ffff:/, '');
  if (plain === 'localhost' || plain.endsWith('.localhost') || plain === '::1') return true;
  // Only an address: 127.0.0.1.example.org is anybody's name.
  return isIPv4(plain) && plain.startsWith('127.');
}

export interface OriginRules {
  /** The hub listens on loopback only. */
  readonly loopbackOnly: boolean;
  readonly origins: readonly string[];
  readonly hosts: readonly string[];
}

/** `overview`: a page without an origin of its own, which may see the plain overview and no more. */
export type OriginVerdict = 'all' | 'overview' | 'refused';

/** Judges the Origin header; clients that are no browsers send none and are let in. */
export function judgeOrigin(
  rules: OriginRules,
  origin: string | undefined,
  host: string | undefined,
): OriginVerdict {
  if (origin === undefined || rules.origins.includes(origin)) return 'all';
  if (origin === 'null') return rules.loopbackOnly ? 'overview' : 'refused';
  try {
    const page = new URL(origin);
    if (page.host === host?.toLowerCase()) return 'all';
    // Other pages of this machine are its user's own.
    return rules.loopbackOnly && isLoopback(page.hostname) ? 'all' : 'refused';
  } catch {
    return 'refused';
  }
}

/** On loopback a request must name loopback: nothing else can be meant by those who came the right way. */
export function acceptsHost(rules: OriginRules, host: string | undefined): boolean {
  if (!rules.loopbackOnly || rules.hosts.includes('*')) return true;
  if (host === undefined) return true;
  const name = host.toLowerCase().replace(/:\d+$/, '');
  return isLoopback(name) || rules.hosts.includes(name);
}
