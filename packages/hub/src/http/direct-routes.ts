/**
 * Routes that bypass the app: hot ones, where even the making of a request object shows. They stand behind the same
 * checks of host, origin and token.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { acceptsHost, judgeOrigin, type OriginRules } from '../access/request-origin.ts';
import { tokenOf, type TokenGuard } from '../access/token.ts';
import { requestUrl } from './request-url.ts';

export interface DirectRouteOptions {
  readonly rules: OriginRules;
  readonly tokens: TokenGuard;
  /** By exact path. A handler answers in any case and does not throw. */
  readonly routes: ReadonlyMap<string, RequestListener>;
  readonly otherwise: RequestListener;
}

export function directRoutes(options: DirectRouteOptions): RequestListener {
  const { routes, otherwise } = options;
  return (request, response) => {
    const { url = '/' } = request;
    const query = url.indexOf('?');
    const route = routes.get(query < 0 ? url : url.slice(0, query));
    if (route === undefined) otherwise(request, response);
    else if (admits(options, request, response)) route(request, response);
  };
}

function admits(
  { rules, tokens }: DirectRouteOptions,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const { host, origin, authorization, cookie } = request.headers;
  if (!acceptsHost(rules, host))
    return refuse(response, 403, `host-refused: this hub does not answer to ${host}\n`);
  if (judgeOrigin(rules, origin, host) !== 'all')
    return refuse(
      response,
      403,
      `origin-refused: pages of ${origin} may not change anything here\n`,
    );
  if (!tokens.required) return true;
  const url = requestUrl(request.url);
  if (url !== undefined && tokens.accepts(tokenOf({ authorization, cookie, url }))) return true;
  response.setHeader('www-authenticate', 'Bearer realm="nowcast"');
  return refuse(response, 401, 'unauthorized: send Authorization: Bearer TOKEN\n');
}

function refuse(response: ServerResponse, status: number, text: string): false {
  // The body is not read, so the connection cannot go on.
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
  response.end(text);
  return false;
}
