import * as v from 'valibot';
import type { ProtocolErrorCode } from './errors.ts';
import { upSchemas, type UpMessage } from './up.ts';

/** A message that could not be taken, with what can be told of it. */
export interface DecodeFailure {
  readonly ok: false;
  readonly code: Extract<ProtocolErrorCode, 'bad-json' | 'unknown-type' | 'invalid-message'>;
  readonly message: string;
  /** The subscription it spoke of, where one can be read. */
  readonly id?: string | undefined;
}

export interface DecodeSuccess {
  readonly ok: true;
  readonly message: UpMessage;
}

export type DecodeResult = DecodeSuccess | DecodeFailure;

const MESSAGES_PER_FRAME_MAX = 1_000;

/**
 * Reads a text frame from a client: one message or an array of at most 1,000. Each message stands for
 * itself: a bad one does not spoil its neighbours.
 */
export function decodeUp(frame: string): readonly DecodeResult[] {
  let input: unknown;
  try {
    input = JSON.parse(frame);
  } catch {
    return [fail('bad-json', 'the frame is not JSON')];
  }
  if (!Array.isArray(input)) return [decodeOne(input)];
  if (input.length > MESSAGES_PER_FRAME_MAX)
    return [fail('invalid-message', `more than ${MESSAGES_PER_FRAME_MAX} messages in one frame`)];
  return input.map(decodeOne);
}

function decodeOne(input: unknown): DecodeResult {
  const type = (input as { type?: unknown } | null)?.type;
  if (typeof type !== 'string')
    return fail('invalid-message', 'a message is an object with a `type`');
  if (!Object.hasOwn(upSchemas, type))
    return fail('unknown-type', `no message of type ${JSON.stringify(type.slice(0, 100))}`, input);
  const schema: v.GenericSchema<unknown, UpMessage> = upSchemas[type as UpMessage['type']];
  const parsed = v.safeParse(schema, input, { abortEarly: true });
  if (parsed.success) return { ok: true, message: parsed.output };
  const [issue] = parsed.issues;
  const path = v.getDotPath(issue) ?? '';
  return fail(
    'invalid-message',
    `${type}${path === '' ? '' : `.${path}`}: ${issue.message}`,
    input,
  );
}

function fail(code: DecodeFailure['code'], message: string, input?: unknown): DecodeFailure {
  const id = (input as { id?: unknown } | undefined)?.id;
  return typeof id === 'string' ? { ok: false, code, message, id } : { ok: false, code, message };
}
