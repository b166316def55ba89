import { CodedError, codeOf } from '@nowcast/model';

/** Prometheus's error types; clients decide by them whether to try again. */
export type ApiErrorType =
  | 'bad_data'
  | 'execution'
  | 'timeout'
  | 'canceled'
  | 'internal'
  | 'not_found'
  | 'unavailable';

/** The HTTP status of each type, as Prometheus answers. */
export const STATUS_OF: Readonly<Record<ApiErrorType, 400 | 404 | 422 | 499 | 500 | 503>> = {
  bad_data: 400,
  execution: 422,
  timeout: 503,
  canceled: 499,
  internal: 500,
  not_found: 404,
  unavailable: 503,
};

/** An error whose type and wording go to the client. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly type: ApiErrorType;

  constructor(type: ApiErrorType, message: string) {
    super(message);
    this.type = type;
  }
}

export function badParameter(name: string, reason: string): ApiError {
  return new ApiError('bad_data', `invalid parameter ${JSON.stringify(name)}: ${reason}`);
}

const TYPE_OF_CODE: Readonly<Record<string, ApiErrorType>> = {
  'bad-query': 'bad_data',
  'bad-regex': 'bad_data',
  'query-failed': 'execution',
  'native-histogram': 'execution',
  'too-many-samples': 'execution',
  'query-timeout': 'timeout',
  'store-unavailable': 'unavailable',
  'store-closed': 'unavailable',
};

/** Whatever was thrown, as what the client is told. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof CodedError)
    return new ApiError(TYPE_OF_CODE[codeOf(error) ?? ''] ?? 'internal', error.message);
  if (error instanceof Error && error.name === 'AbortError')
    return new ApiError('canceled', 'query was canceled');
  return new ApiError('internal', error instanceof Error ? error.message : String(error));
}
