import * as v from 'valibot';
import { nameSchema } from '../fields/scalars.ts';

/** Client → hub. Answered by `unsubscribed`; updates already under way may still arrive before it. */
export interface Unsubscribe {
  readonly type: 'unsubscribe';
  readonly id: string;
}

export const unsubscribeSchema: v.GenericSchema<unknown, Unsubscribe> = v.object({
  type: v.literal('unsubscribe'),
  id: nameSchema,
});
