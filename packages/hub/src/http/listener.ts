/** The HTTP(S) server: binding, certificates, and closing without leaving anyone in the middle of an answer. */
import { readFile } from 'node:fs/promises';
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { CodedError } from '@nowcast/model';
import type { Clock, Timer } from '@nowcast/std';
import type { Logger } from 'pino';
import type { TlsFiles } from '../options.ts';

/** How often the certificate's files are looked at. */
const CERTIFICATE_CHECK_MS = 60_000;
/** Connections the system holds until they are accepted: a crowd that returns at once is not to wait for retries. */
const BACKLOG = 4_096;
/** How long closing waits for answers that are being written. */
const ANSWERING_MS = 1_000;

export interface ListenerOptions {
  readonly host: string;
  readonly port: number;
  readonly tls: TlsFiles | undefined;
  readonly handler: RequestListener;
  readonly clock: Clock;
  readonly log: Logger;
}

interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export class Listener {
  readonly server: Server | HttpsServer;
  readonly #options: ListenerOptions;
  #certificate: Certificate | undefined;
  #check: Timer | undefined;

  private constructor(options: ListenerOptions, certificate: Certificate | undefined) {
    this.#options = options;
    this.#certificate = certificate;
    this.server =
      certificate === undefined
        ? createHttpServer(options.handler)
        : createHttpsServer(certificate, options.handler);
  }

  /** @throws {CodedError} `tls-unreadable` */
  static async create(options: ListenerOptions): Promise<Listener> {
    const { tls } = options;
    if (tls === undefined) return new Listener(options, undefined);
    try {
      return new Listener(options, await readCertificate(tls));
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new CodedError(
        'tls-unreadable',
        `cannot use ${tls.certFile} with ${tls.keyFile}: ${reason}`,
        { cause },
      );
    }
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** @throws {CodedError} `port-in-use`, `address-unavailable` */
  async listen(): Promise<void> {
    const { host, port, clock, tls } = this.#options;
    await new Promise<void>((resolve, reject) => {
      const failed = (error: NodeJS.ErrnoException): void =>
        reject(bindingError(error, host, port));
      this.server.once('error', failed);
      this.server.listen({ port, host, backlog: BACKLOG }, () => {
        this.server.off('error', failed);
        resolve();
      });
    });
    if (tls !== undefined)
      this.#check = clock.every(CERTIFICATE_CHECK_MS, () => void this.reloadCertificate());
  }

  /** Takes a changed certificate for new connections; one that cannot be used leaves the old one in place. */
  async reloadCertificate(): Promise<void> {
    const { tls, log } = this.#options;
    if (tls === undefined) return;
    try {
      const next = await readCertificate(tls);
      if (next.cert === this.#certificate?.cert && next.key === this.#certificate.key) return;
      (this.server as HttpsServer).setSecureContext(next);
      this.#certificate = next;
      log.info({ file: tls.certFile }, 'the certificate was renewed');
    } catch (error) {
      log.error({ code: 'tls-unreadable', err: error }, 'the new certificate cannot be used');
    }
  }

  async close(): Promise<void> {
    this.#check?.cancel();
    await new Promise<void>((resolve) => {
      const impatience = this.#options.clock.after(ANSWERING_MS, () => {
        this.server.closeAllConnections();
      });
      this.server.close(() => {
        impatience.cancel();
        resolve();
      });
      this.server.closeIdleConnections();
    });
  }
}

async function readCertificate({ certFile, keyFile }: TlsFiles): Promise<Certificate> {
  const [cert, key] = await Promise.all([readFile(certFile, 'utf8'), readFile(keyFile, 'utf8')]);
  return { cert, key };
}

function bindingError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const cause = error;
  if (error.code === 'EADDRINUSE')
    return new CodedError(
      'port-in-use',
      `port ${port} of ${host} is taken; choose another with --port`,
      {
        cause,
        details: { host, port },
      },
    );
  if (error.code === 'EACCES' || error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
    return new CodedError(
      'address-unavailable',
      `cannot listen on ${host}, port ${port}: ${error.message}`,
      {
        cause,
        details: { host, port },
      },
    );
  return error;
}
