import type { OverviewFeeds } from '../pages/overview/feeds.ts';
import type { TileSize } from './tile.tsx';

/** What every tile of the overview gets. */
export interface FeedsProps {
  readonly feeds: OverviewFeeds;
}

/** What a tile gets whose size depends on its neighbours. */
export interface SizedProps extends FeedsProps {
  readonly size: TileSize;
}
