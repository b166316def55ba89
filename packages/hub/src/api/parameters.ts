/** The parameters of a request, from the query string and a form body alike. */
import { type Matcher, parseDuration, type TimeRange } from '@nowcast/model';
import { parseSelector } from '@nowcast/promql';
import type { Context } from 'hono';
import { badParameter, toApiError } from './api-error.ts';

/** Far enough on both sides to mean "all", near enough to stay exact in milliseconds. */
const TIME_MAX_MS = 8_640_000_000_000_000;
const RFC3339 = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2})(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

export class Parameters {
  readonly #values: URLSearchParams;

  constructor(values: URLSearchParams) {
    this.#values = values;
  }

  text(name: string): string | undefined {
    return this.#values.get(name) ?? undefined;
  }

  all(name: string): readonly string[] {
    return this.#values.getAll(name);
  }

  /** Seconds since the epoch or RFC 3339, as milliseconds; undefined when left out. */
  timeMs(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined || text === '') return undefined;
    const ms = parseTimeMs(text);
    if (ms === undefined)
      throw badParameter(name, `cannot parse ${JSON.stringify(text)} to a valid timestamp`);
    return ms;
  }

  /** Seconds or a duration such as 5m, as milliseconds; undefined when left out. */
  durationMs(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined || text === '') return undefined;
    const seconds = Number(text);
    if (Number.isFinite(seconds) && text.trim() !== '') return Math.round(seconds * 1_000);
    try {
      return parseDuration(text);
    } catch {
      throw badParameter(name, `cannot parse ${JSON.stringify(text)} to a valid duration`);
    }
  }

  /** A count, 0 for "no limit". */
  limit(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined || text === '') return undefined;
    if (!/^\d+$/.test(text)) throw badParameter(name, 'limit must be a non-negative number');
    return Number(text) === 0 ? undefined : Number(text);
  }

  range(): Partial<TimeRange> {
    const startMs = this.timeMs('start');
    const endMs = this.timeMs('end');
    if (startMs !== undefined && endMs !== undefined && endMs < startMs)
      throw badParameter('end', 'end timestamp must not be before start time');
    return {
      ...(startMs === undefined ? {} : { startMs }),
      ...(endMs === undefined ? {} : { endMs }),
    };
  }

  /** The selectors of `match[]`. */
  matcherSets(): readonly (readonly Matcher[])[] {
    return this.all('match[]').map((text) => {
      try {
        return parseSelector(text);
      } catch (error) {
        throw badParameter('match[]', toApiError(error).message);
      }
    });
  }
}

export async function readParameters(c: Context): Promise<Parameters> {
  const values = new URL(c.req.url).searchParams;
  const type = c.req.header('content-type') ?? '';
  if (c.req.method === 'POST' && type.startsWith('application/x-www-form-urlencoded'))
    for (const [name, value] of new URLSearchParams(await c.req.text())) values.append(name, value);
  return new Parameters(values);
}

function parseTimeMs(text: string): number | undefined {
  const seconds = Number(text);
  if (text.trim() !== '' && Number.isFinite(seconds)) {
    const ms = Math.round(seconds * 1_000);
    return Math.abs(ms) <= TIME_MAX_MS ? ms : Math.sign(ms) * TIME_MAX_MS;
  }
  const parts = RFC3339.exec(text);
  if (!parts) return undefined;
  const [, day, time, fraction = '', zone] = parts;
  const ms = Date.parse(`${day}T${time}${fraction.slice(0, 4)}${(zone as string).toUpperCase()}`);
  return Number.isNaN(ms) ? undefined : ms;
}
