import * as v from 'valibot';
import { timeMsSchema } from '../fields/scalars.ts';
import { wireValueSchema, type WireValue } from '../fields/value.ts';

/**
 * The plain stream: what a client without subprotocol gets, made to be read by people and by ten-line
 * scripts. Series stand under their names, times also as text.
 */

/** Sent at once on connecting. */
export interface PlainWelcome {
  readonly type: 'welcome';
  readonly message: string;
  readonly time: string;
  readonly serverTimeMs: number;
  /** The selector of `?query=`, in canonical spelling. */
  readonly query?: string | undefined;
}

/** One host in numbers; a field is missing when the host does not report it. Shares are 0 to 100. */
export interface HostOverview {
  readonly instance: string;
  /** Age of the newest sample when the message was written. */
  readonly ageMs: number;
  readonly cpuPercent?: number | undefined;
  readonly load1?: number | undefined;
  readonly memoryPercent?: number | undefined;
  readonly swapPercent?: number | undefined;
  /** The fullest file system. */
  readonly diskPercent?: number | undefined;
  readonly diskReadBytesPerSecond?: number | undefined;
  readonly diskWriteBytesPerSecond?: number | undefined;
  readonly networkReceiveBytesPerSecond?: number | undefined;
  readonly networkTransmitBytesPerSecond?: number | undefined;
  readonly temperatureCelsius?: number | undefined;
  readonly processes?: number | undefined;
  readonly uptimeSeconds?: number | undefined;
}

/** Sent about once a second without `?query=`. */
export interface PlainOverview {
  readonly type: 'overview';
  readonly time: string;
  readonly timeMs: number;
  readonly hosts: readonly HostOverview[];
  /** What is wrong or will be, as sentences; empty when all is well. */
  readonly health: readonly string[];
}

/** Sent about once a second with `?query=`: the current values at first, then those that changed. */
export interface PlainValues {
  readonly type: 'values';
  readonly time: string;
  readonly timeMs: number;
  /** Values by series, `node_load1{instance="a"}`; null: the series ended. */
  readonly values: Readonly<Record<string, WireValue | null>>;
}

/** The answer to any text that is not a message of the protocol. */
export interface PlainHeartbeat {
  readonly type: 'heartbeat';
  /** The text received, at most 100 characters of it. */
  readonly echo: string;
  readonly time: string;
  readonly serverTimeMs: number;
}

const percent = v.optional(v.number());

export const plainWelcomeSchema: v.GenericSchema<unknown, PlainWelcome> = v.object({
  type: v.literal('welcome'),
  message: v.string(),
  time: v.string(),
  serverTimeMs: timeMsSchema,
  query: v.optional(v.string()),
});

const hostOverviewSchema: v.GenericSchema<unknown, HostOverview> = v.object({
  instance: v.string(),
  ageMs: v.number(),
  cpuPercent: percent,
  load1: v.optional(v.number()),
  memoryPercent: percent,
  swapPercent: percent,
  diskPercent: percent,
  diskReadBytesPerSecond: v.optional(v.number()),
  diskWriteBytesPerSecond: v.optional(v.number()),
  networkReceiveBytesPerSecond: v.optional(v.number()),
  networkTransmitBytesPerSecond: v.optional(v.number()),
  temperatureCelsius: v.optional(v.number()),
  processes: v.optional(v.number()),
  uptimeSeconds: v.optional(v.number()),
});

export const plainOverviewSchema: v.GenericSchema<unknown, PlainOverview> = v.object({
  type: v.literal('overview'),
  time: v.string(),
  timeMs: timeMsSchema,
  hosts: v.array(hostOverviewSchema),
  health: v.array(v.string()),
});

export const plainValuesSchema: v.GenericSchema<unknown, PlainValues> = v.object({
  type: v.literal('values'),
  time: v.string(),
  timeMs: timeMsSchema,
  values: v.record(v.string(), v.nullable(wireValueSchema)),
});

export const plainHeartbeatSchema: v.GenericSchema<unknown, PlainHeartbeat> = v.object({
  type: v.literal('heartbeat'),
  echo: v.string(),
  time: v.string(),
  serverTimeMs: timeMsSchema,
});
