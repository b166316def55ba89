import * as v from 'valibot';

/**
 * What a subscriber asks for. The hub answers in `subscribed` with what it grants; a field that stands as
 * null there is not limited, or not offered by this hub.
 */
export interface Contract {
  /** Updates come no closer together than this; samples in between are merged, the newest kept. */
  readonly minIntervalMs?: number | undefined;
  /** Significant decimal digits the subscriber needs. */
  readonly digits?: number | undefined;
  /** Changes up to this size need not be sent. */
  readonly deadband?: number | undefined;
  /** Width of the picture in pixels: how many points of history are worth sending. */
  readonly width?: number | undefined;
  /** False while nobody looks; nothing is sent until it is true again. */
  readonly visible?: boolean | undefined;
}

export interface Grant {
  readonly minIntervalMs: number;
  readonly digits: number | null;
  readonly deadband: number | null;
  readonly width: number | null;
  readonly visible: boolean;
  /** The open step of an expression is evaluated no more often than this; grows when the hub has much to evaluate. */
  readonly evaluationIntervalMs?: number | undefined;
}

export const contractSchema: v.GenericSchema<unknown, Contract> = v.object({
  minIntervalMs: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(3_600_000))),
  digits: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(17))),
  deadband: v.optional(v.pipe(v.number(), v.finite(), v.minValue(0))),
  width: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100_000))),
  visible: v.optional(v.boolean()),
});

export const grantSchema: v.GenericSchema<unknown, Grant> = v.object({
  minIntervalMs: v.number(),
  digits: v.nullable(v.number()),
  deadband: v.nullable(v.number()),
  width: v.nullable(v.number()),
  visible: v.boolean(),
  evaluationIntervalMs: v.optional(v.number()),
});
