import { createContext, type Context } from 'preact';
import { useContext } from 'preact/hooks';
import { must } from '@nowcast/std';
import type { Overview } from '../state/overview.ts';
import type { Palette } from '../charts/palette.ts';

/** What every component of the page may reach. */
export interface PageContext {
  readonly overview: Overview;
  readonly palette: Palette;
}

export const OverviewContext: Context<PageContext | undefined> = createContext<
  PageContext | undefined
>(undefined);

export function usePage(): PageContext {
  return must(useContext(OverviewContext), 'the page context');
}

export function useOverview(): Overview {
  return usePage().overview;
}
