import * as v from 'valibot';
import { nameSchema } from '../fields/scalars.ts';

/** Hub → client: no update of this id follows; the id may be used again. */
export interface Unsubscribed {
  readonly type: 'unsubscribed';
  readonly id: string;
}

export const unsubscribedSchema: v.GenericSchema<unknown, Unsubscribed> = v.object({
  type: v.literal('unsubscribed'),
  id: nameSchema,
});
