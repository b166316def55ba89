import { createMatcher, METRIC_NAME } from '@nowcast/model';
import type { Call } from './call.ts';
import type { VectorSelector } from './vector-selector.ts';

const DEFAULT_INFO_METRIC = 'target_info';

/** One selector per call, so that the plan and the evaluation mean the same object. */
const selectors = new WeakMap<Call, VectorSelector>();

/** The info series a call of info() reads: `target_info` unless its second argument names others. */
export function infoSelector(call: Call): VectorSelector {
  const known = selectors.get(call);
  if (known) return known;
  const written = call.args[1];
  const matchers = written?.kind === 'vector-selector' ? written.matchers : [];
  const named = matchers.some(({ name }) => name === METRIC_NAME);
  const byName = named ? [] : [createMatcher(METRIC_NAME, '=', DEFAULT_INFO_METRIC)];
  const selector: VectorSelector = {
    kind: 'vector-selector',
    matchers: [...byName, ...matchers],
    span: written?.span ?? call.span,
  };
  selectors.set(call, selector);
  return selector;
}
