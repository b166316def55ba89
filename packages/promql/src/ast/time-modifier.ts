import type { DurationExpr } from './duration.ts';

/** `@ 1609746000`, `@ start()`, `@ end()`. */
export type AtModifier =
  | { readonly kind: 'timestamp'; readonly timeMs: number }
  | { readonly kind: 'start' }
  | { readonly kind: 'end' };

/** Where in time a selector or subquery looks. The order of writing does not matter: `@` first, then offset. */
export interface TimeModifiers {
  readonly at?: AtModifier | undefined;
  readonly offset?: DurationExpr | undefined;
}
