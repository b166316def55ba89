import { modelErrors, type ErrorCatalogue } from '@nowcast/model';
import { promqlErrors } from '@nowcast/promql';
import { protocolErrors } from '@nowcast/protocol';
import { storeErrors } from '@nowcast/tsdb';
import { hubErrors } from '../errors.ts';

/** A session passes on errors of everything below it; each catalogue knows its own. */
const CATALOGUES: ErrorCatalogue = {
  ...modelErrors,
  ...promqlErrors,
  ...storeErrors,
  ...hubErrors,
  ...protocolErrors,
};

/** Whether the same request may succeed later without a change. */
export function isRetryable(code: string): boolean {
  return CATALOGUES[code]?.retryable ?? false;
}
