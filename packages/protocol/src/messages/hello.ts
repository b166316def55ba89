import * as v from 'valibot';
import { nameSchema } from '../fields/scalars.ts';

/** Client → hub, the first message of a session, within 10 s of opening. Answered by `welcome`. */
export interface Hello {
  readonly type: 'hello';
  /** Versions the client speaks, newest first. */
  readonly versions: readonly number[];
  /** Access token; may also be given as `?token=` or as an Authorization header on the upgrade. */
  readonly token?: string | undefined;
  /** For logs and the list of connections; not used to decide anything. */
  readonly client?: { readonly name: string; readonly version?: string | undefined } | undefined;
  /** Optional parts of the protocol that the client understands. None exist in version 1. */
  readonly capabilities?: readonly string[] | undefined;
}

export const helloSchema: v.GenericSchema<unknown, Hello> = v.object({
  type: v.literal('hello'),
  versions: v.pipe(v.array(v.pipe(v.number(), v.integer())), v.minLength(1), v.maxLength(16)),
  token: v.optional(v.pipe(v.string(), v.maxLength(8_192))),
  client: v.optional(v.object({ name: nameSchema, version: v.optional(nameSchema) })),
  capabilities: v.optional(v.pipe(v.array(nameSchema), v.maxLength(64))),
});
