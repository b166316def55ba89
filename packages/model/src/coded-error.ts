/**
 * Errors with a stable code. Each package lists its codes in an `errors.ts` as an `ErrorCatalogue`; the
 * same codes stand on the wire, in logs and in docs/errors.md, which a test holds equal to the catalogues.
 */
export interface ErrorEntry {
  /** What happened, as one sentence. */
  readonly meaning: string;
  /** What the reader can do about it. */
  readonly action: string;
  /** True when the same request may succeed later without a change. */
  readonly retryable: boolean;
}

export type ErrorCatalogue = Readonly<Record<string, ErrorEntry>>;

export interface CodedErrorOptions {
  readonly cause?: unknown;
  /** Facts a program may want: the label, the limit, the position. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
}

export class CodedError<Code extends string = string> extends Error {
  override readonly name: string = 'CodedError';
  readonly code: Code;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: Code, message: string, options: CodedErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
  }
}

/** The error's code, where it has one. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof CodedError ? error.code : undefined;
}
