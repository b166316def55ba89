import type { Clock } from '@nowcast/std';
import type { Logger } from 'pino';
import type { HubLimits } from './access/limits.ts';
import type { ApiLimits } from './api/api-limits.ts';
import type { HealthTuning } from './health/tuning.ts';

/** What `startHub` takes. Everything has a default but the place for data. */
export interface HubOptions {
  /** Address to listen on. Default `127.0.0.1`; any address beyond loopback makes a token necessary. */
  readonly host?: string | undefined;
  /** Default 8080; 0 takes a free one. */
  readonly port?: number | undefined;
  /** Folder for everything that is kept; created when missing. */
  readonly dataDir: string;
  /** `memory` forgets everything on close. Default `disk`. */
  readonly store?: 'disk' | 'memory' | undefined;
  /** Run the built-in agent, which measures this machine. Default true. */
  readonly agent?: boolean | undefined;
  /** Serve HTTPS and WSS; the files are read again when they change. */
  readonly tls?: TlsFiles | undefined;
  /** Folder with the built page; without it the hub serves its API alone. */
  readonly webDir?: string | undefined;
  readonly limits?: Partial<HubLimits> | undefined;
  /** Bounds of the HTTP API. */
  readonly api?: Partial<ApiLimits> | undefined;
  /** Origins of pages that may connect beside the hub's own, for example `https://board.example.org`. */
  readonly origins?: readonly string[] | undefined;
  /** Host names the hub answers to beside loopback's and its own address; `*` accepts any. */
  readonly hosts?: readonly string[] | undefined;
  /** Access token. Without it one is made and kept in the data folder when one is needed. */
  readonly token?: string | undefined;
  readonly live?: Partial<LiveTiming> | undefined;
  /** permessage-deflate: `auto` compresses for everyone but direct clients on loopback. Default `auto`. */
  readonly compression?: CompressionMode | undefined;
  readonly health?: Partial<HealthTuning> | undefined;
  readonly clock?: Clock | undefined;
  /** Default: JSON lines on standard error from level `info`. */
  readonly logger?: Logger | undefined;
}

export type CompressionMode = 'auto' | 'always' | 'off';

export interface TlsFiles {
  /** PEM, the whole chain. */
  readonly certFile: string;
  /** PEM. */
  readonly keyFile: string;
}

export interface LiveTiming {
  /** Changes are collected for this long before they are sent. */
  readonly flushMs: number;
  /** A series without a sample for this long has ended, as in Prometheus. */
  readonly lookbackMs: number;
  /** The hub is heard at least this often; a peer silent for two of them is dead. */
  readonly heartbeatMs: number;
  /** The plain stream's pace. */
  readonly plainIntervalMs: number;
  /** How far ahead of the hub's clock a sample's time may be. */
  readonly futureMs: number;
  /** How long a step of a standing query waits after its end for samples on their way. */
  readonly graceMs: number;
  /** How long `close` waits for peers to take what is under way. */
  readonly drainMs: number;
}

export const DEFAULT_LIVE: LiveTiming = {
  flushMs: 20,
  lookbackMs: 300_000,
  heartbeatMs: 15_000,
  plainIntervalMs: 1_000,
  futureMs: 600_000,
  graceMs: 250,
  drainMs: 2_000,
};

/** A running hub. */
export interface Hub extends AsyncDisposable {
  /** Where the page and the API are, for example `http://127.0.0.1:8080`. */
  readonly url: string;
  /** The page with the token, where one is needed: give it to the person who started the hub. */
  readonly loginUrl: string;
  readonly port: number;
  /** Says goodbye to all sessions, waits until what is under way has been sent, then lets go of everything. */
  close(): Promise<void>;
}
