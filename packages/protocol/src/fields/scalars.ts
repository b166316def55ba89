import * as v from 'valibot';

/** Milliseconds since the Unix epoch; fractions are allowed and kept. */
export const timeMsSchema: v.GenericSchema<unknown, number> = v.pipe(v.number(), v.finite());

/** A whole number ≥ 0 that JavaScript holds exactly. */
export const countSchema: v.GenericSchema<unknown, number> = v.pipe(
  v.number(),
  v.safeInteger(),
  v.minValue(0),
);

/** A ref: a number the sender gives to a series for the life of the connection or subscription. */
export const refSchema: v.GenericSchema<unknown, number> = v.pipe(
  v.number(),
  v.safeInteger(),
  v.minValue(0),
  v.maxValue(0xffff_ffff),
);

export const refsSchema: v.GenericSchema<unknown, readonly number[]> = v.custom<readonly number[]>(
  (input) => Array.isArray(input) && input.every(isRef),
  'an array of whole numbers from 0 to 4294967295',
);

/** A name the client chose: of a subscription or of itself. */
export const nameSchema: v.GenericSchema<unknown, string> = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(200),
);

function isRef(input: unknown): boolean {
  return typeof input === 'number' && Number.isInteger(input) && input >= 0 && input <= 0xffff_ffff;
}
