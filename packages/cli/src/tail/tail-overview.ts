import type { CodedError } from '@nowcast/model';
import { deferred } from '@nowcast/std';
import type { TailFlags } from '../commands/tail.ts';
import { untilSignal } from '../shutdown.ts';
import { styleFor } from '../text-style.ts';
import { OverviewFeed } from './overview-feed.ts';
import { renderOverview } from './overview-table.ts';
import { Screen } from './screen.ts';

/** `nowcast tail`: until a signal comes. Throws when the hub refuses for good. */
export async function tailOverview(flags: TailFlags): Promise<void> {
  const { stdout, stderr, env } = process;
  const style = styleFor(stdout, env);
  const screen = stdout.isTTY && !flags.json ? new Screen(stdout) : undefined;
  const ended = deferred<CodedError | undefined>();
  let interrupted = false;
  const feed = new OverviewFeed({
    url: flags.hub,
    token: flags.token,
    overview(overview, text) {
      interrupted = false;
      if (flags.json) stdout.write(`${text}\n`);
      else if (screen) screen.draw(renderOverview(overview, screen.columns, style));
      else stdout.write(`${overview.time}\n${renderOverview(overview, 200, style).join('\n')}\n\n`);
    },
    interrupted(reason) {
      // Once per outage: the attempts after it fail alike.
      if (!interrupted)
        stderr.write(`nowcast: ${flags.hub} is not connected: ${reason}; trying again\n`);
      interrupted = true;
    },
    refused: (error) => ended.resolve(error),
  });
  void untilSignal().then(() => ended.resolve(undefined));
  const error = await ended.promise;
  feed.close();
  screen?.close();
  if (error) throw error;
}
