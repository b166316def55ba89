/** The hub's HTTP side: health, metrics, hosts, the Prometheus API and the page, behind one set of checks. */
import { Hono, type Context, type MiddlewareHandler } from 'hono';
import { acceptsHost, judgeOrigin, type OriginRules } from '../access/request-origin.ts';
import { TOKEN_COOKIE, tokenOf, type TokenGuard } from '../access/token.ts';
import type { HostRecord } from '../inventory/host-inventory.ts';
import type { MetricRegistry } from '../metrics/registry.ts';
import { StaticPage } from './static-page.ts';

export interface AppOptions {
  readonly rules: OriginRules;
  readonly tokens: TokenGuard;
  readonly metrics: MetricRegistry;
  readonly hosts: () => Iterable<HostRecord>;
  /** Answers `/api/v1/…` and `/federate`. */
  readonly api: Hono;
  readonly webDir: string | undefined;
  readonly secure: boolean;
  readonly ready: () => boolean;
}

const OPEN_PATHS: ReadonlySet<string> = new Set(['/-/ready', '/-/healthy']);

export function createApp(options: AppOptions): Hono {
  const app = new Hono();
  app.use(securityHeaders);
  app.use(originCheck(options.rules));
  app.use(tokenCheck(options.tokens, options.secure));
  app.get('/-/healthy', (c) => c.text('Nowcast Server is Healthy.\n'));
  app.get('/-/ready', (c) =>
    options.ready()
      ? c.text('Nowcast Server is Ready.\n')
      : c.text('Nowcast Server is not ready.\n', 503),
  );
  app.get('/metrics', (c) => {
    c.header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8');
    return c.body(options.metrics.expose());
  });
  app.get('/api/v1/hosts', (c) => c.json({ status: 'success', data: [...options.hosts()] }));
  app.route('/', options.api);
  addPage(app, options.webDir);
  return app;
}

function addPage(app: Hono, webDir: string | undefined): void {
  const page = webDir === undefined ? undefined : new StaticPage(webDir);
  app.get('*', async (c) => {
    const response = await page?.respond(c.req.path, c.req.raw.headers);
    if (response !== undefined) return response;
    if (c.req.path === '/' || page === undefined)
      return c.text(
        'page-missing: this hub runs without the built page; see /metrics and /api/v1\n',
        404,
      );
    return c.text('not found\n', 404);
  });
}

const securityHeaders: MiddlewareHandler = async (c, next) => {
  await next();
  const { headers } = c.res;
  headers.set('X-Content-Type-Options', 'nosniff');
  headers.set('Referrer-Policy', 'no-referrer');
  headers.set('X-Frame-Options', 'SAMEORIGIN');
  headers.set('Cross-Origin-Opener-Policy', 'same-origin');
  if (headers.get('Content-Type')?.startsWith('text/html') === true)
    headers.set('Content-Security-Policy', contentPolicy(c.req.header('host')));
};

/** `'self'` does not cover WebSockets in every browser, so they are named. */
function contentPolicy(host: string | undefined): string {
  const sockets =
    host !== undefined && /^[\w.:[\]-]+$/.test(host) ? ` ws://${host} wss://${host}` : '';
  return (
    `default-src 'self'; connect-src 'self'${sockets}; img-src 'self' data:; ` +
    `style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; frame-ancestors 'self'`
  );
}

function originCheck(rules: OriginRules): MiddlewareHandler {
  return async (c, next) => {
    const host = c.req.header('host');
    if (!acceptsHost(rules, host))
      return c.text(`host-refused: this hub does not answer to ${host}\n`, 403);
    const changes = c.req.method !== 'GET' && c.req.method !== 'HEAD' && c.req.method !== 'OPTIONS';
    const origin = c.req.header('origin');
    if (changes && judgeOrigin(rules, origin, host) !== 'all')
      return c.text(`origin-refused: pages of ${origin} may not change anything here\n`, 403);
    return next();
  };
}

function tokenCheck(tokens: TokenGuard, secure: boolean): MiddlewareHandler {
  return async (c, next) => {
    if (!tokens.required || OPEN_PATHS.has(c.req.path)) return next();
    const url = new URL(c.req.url);
    const token = tokenOf({
      authorization: c.req.header('authorization'),
      cookie: c.req.header('cookie'),
      url,
    });
    if (!tokens.accepts(token)) return unauthorized(c, token !== undefined);
    if (!url.searchParams.has('token') || c.req.method !== 'GET') return next();
    // The login link: keep the token out of the address bar, the history and whatever is shared from them.
    url.searchParams.delete('token');
    const flags = `Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000${secure ? '; Secure' : ''}`;
    c.header('Set-Cookie', `${TOKEN_COOKIE}=${encodeURIComponent(token ?? '')}; ${flags}`);
    return c.redirect(`${url.pathname}${url.search}`, 303);
  };
}

function unauthorized(c: Context, wrong: boolean): Response {
  c.header('WWW-Authenticate', 'Bearer realm="nowcast"');
  const what = wrong ? 'the token is wrong' : 'this hub asks for a token';
  return c.text(
    `unauthorized: ${what}; open the login link that the hub printed, or send Authorization: Bearer TOKEN\n`,
    401,
  );
}
