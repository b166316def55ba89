import { resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import type { ConnectionStatus, Spool } from '@nowcast/client';
import type { CodedError } from '@nowcast/model';
import { deferred } from '@nowcast/std';
import { Command, Option } from 'commander';
import { describeStatus, refusal } from '../connection-notice.ts';
import { durationValue, hubValue } from '../option-values.ts';
import { untilSignal } from '../shutdown.ts';

interface AgentFlags {
  readonly hub: string;
  readonly token?: string;
  readonly interval: number;
  readonly spool?: string;
}

export function agentCommand(): Command {
  return new Command('agent')
    .summary('measure this machine for a hub elsewhere')
    .description(
      'Measures this machine and sends it to a hub. While the hub cannot be reached it goes on measuring; ' +
        'what was measured follows when the hub is back.',
    )
    .requiredOption('--hub <url>', 'the hub, for example https://hub.example.org', hubValue)
    .addOption(
      new Option('--token <token>', 'access token with the role publisher').env('NOWCAST_TOKEN'),
    )
    .addOption(
      new Option('--interval <duration>', 'time between samples')
        .argParser(durationValue)
        .default(1_000, '1s'),
    )
    .option(
      '--spool <folder>',
      'keep what the hub has not confirmed in this folder, over restarts too (default: 16 MiB of memory)',
    )
    .addHelpText(
      'after',
      `
Examples:
  nowcast agent --hub http://192.168.1.10:8080
  NOWCAST_TOKEN=… nowcast agent --hub https://hub.example.org --interval 5s
  nowcast agent --hub https://hub.example.org --spool /var/lib/nowcast/spool`,
    )
    .action((flags: AgentFlags) => agent(flags));
}

async function agent(flags: AgentFlags): Promise<void> {
  // Once a second there is nothing worth optimising, and the optimiser's own pages are what takes the
  // process past 60 MB (measured: 61 MB with it, 54 MB without, for a tenth more CPU).
  setFlagsFromString('--no-opt');
  const { runAgent } = await import('@nowcast/agent');
  const signal = untilSignal();
  const running = runAgent({
    hubUrl: flags.hub,
    token: flags.token,
    intervalMs: flags.interval,
    spool: await openSpool(flags.spool),
    log: { info: say, warn: say },
  });
  let before: ConnectionStatus['state'] | undefined;
  const refused = deferred<CodedError>();
  running.client.status.observe((status) => {
    const notice = describeStatus(status, before);
    before = status.state;
    if (status.state === 'stopped') refused.resolve(refusal(status));
    else if (notice !== undefined) say(notice);
  });
  const error = await Promise.race([signal, refused.promise]);
  running.close();
  if (error) throw error;
}

async function openSpool(folder: string | undefined): Promise<Spool | undefined> {
  if (folder === undefined) return undefined;
  const { FileSpool } = await import('@nowcast/client/node');
  return new FileSpool({
    dir: resolve(folder),
    onProblem: (error) => say(`${error.message} (${error.code})`),
  });
}

function say(message: string): void {
  process.stderr.write(`nowcast agent: ${message}\n`);
}
