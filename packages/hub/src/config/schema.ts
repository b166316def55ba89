import * as v from 'valibot';
import { type ApiLimits, DEFAULT_API_LIMITS } from '../api/api-limits.ts';
import { DEFAULT_LIMITS, type HubLimits } from '../access/limits.ts';
import { DEFAULT_HEALTH, type HealthTuning } from '../health/tuning.ts';
import { DEFAULT_LIVE, type CompressionMode, type LiveTiming } from '../options.ts';

/** The configuration file. Every field is optional; command line flags win over it. */
export interface HubConfig {
  readonly listen?:
    | { readonly host?: string | undefined; readonly port?: number | undefined }
    | undefined;
  readonly data?: string | undefined;
  readonly store?: 'disk' | 'memory' | undefined;
  readonly agent?: boolean | undefined;
  readonly tls?: { readonly cert_file: string; readonly key_file: string } | undefined;
  readonly origins?: readonly string[] | undefined;
  readonly hosts?: readonly string[] | undefined;
  readonly token?: string | undefined;
  readonly compression?: CompressionMode | undefined;
  readonly limits?: Partial<HubLimits> | undefined;
  readonly api?: Partial<ApiLimits> | undefined;
  readonly live?: Partial<LiveTiming> | undefined;
  readonly health?: Partial<HealthTuning> | undefined;
}

const positive = v.pipe(v.number(), v.finite(), v.minValue(0));
const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** A section of numbers: each of the defaults' names, and no other. */
function numbersLike<T extends object>(
  defaults: T,
  entry: v.GenericSchema<unknown, number>,
): v.GenericSchema<unknown, Partial<T>> {
  const entries = Object.fromEntries(
    Object.keys(defaults).map((name) => [name, v.optional(entry)]),
  );
  return v.strictObject(entries) as unknown as v.GenericSchema<unknown, Partial<T>>;
}

export const configSchema: v.GenericSchema<unknown, HubConfig> = v.strictObject({
  listen: v.optional(
    v.strictObject({
      host: v.optional(v.pipe(v.string(), v.minLength(1))),
      port: v.optional(v.pipe(whole, v.maxValue(65_535))),
    }),
  ),
  data: v.optional(v.pipe(v.string(), v.minLength(1))),
  store: v.optional(v.picklist(['disk', 'memory'])),
  agent: v.optional(v.boolean()),
  tls: v.optional(v.strictObject({ cert_file: v.string(), key_file: v.string() })),
  origins: v.optional(v.array(v.pipe(v.string(), v.url()))),
  hosts: v.optional(v.array(v.pipe(v.string(), v.minLength(1)))),
  token: v.optional(v.pipe(v.string(), v.minLength(16))),
  compression: v.optional(v.picklist(['auto', 'always', 'off'])),
  limits: v.optional(numbersLike<HubLimits>(DEFAULT_LIMITS, whole)),
  api: v.optional(numbersLike<ApiLimits>(DEFAULT_API_LIMITS, whole)),
  live: v.optional(numbersLike<LiveTiming>(DEFAULT_LIVE, positive)),
  health: v.optional(numbersLike<HealthTuning>(DEFAULT_HEALTH, positive)),
});
