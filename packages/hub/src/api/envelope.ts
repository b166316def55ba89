import { type ApiError, STATUS_OF } from './api-error.ts';

export interface Annotated {
  readonly warnings?: readonly string[] | undefined;
  readonly infos?: readonly string[] | undefined;
}

/** Prometheus's answer around `data`, which is JSON text already. */
export function successText(data: string, { warnings = [], infos = [] }: Annotated = {}): string {
  let text = `{"status":"success","data":${data}`;
  if (warnings.length > 0) text += `,"warnings":${JSON.stringify(warnings)}`;
  if (infos.length > 0) text += `,"infos":${JSON.stringify(infos)}`;
  return `${text}}`;
}

export function success(data: unknown, annotated: Annotated = {}): Response {
  return jsonResponse(successText(JSON.stringify(data), annotated), 200);
}

export function failure(error: ApiError): Response {
  const body = { status: 'error', errorType: error.type, error: error.message };
  return jsonResponse(JSON.stringify(body), STATUS_OF[error.type]);
}

export function jsonResponse(text: string, status: number): Response {
  return new Response(text, { status, headers: { 'content-type': 'application/json' } });
}
