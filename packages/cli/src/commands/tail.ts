import { Command, Option } from 'commander';
import { durationValue, hubValue } from '../option-values.ts';

export interface TailFlags {
  readonly hub: string;
  readonly token?: string;
  readonly json?: boolean;
  readonly all?: boolean;
  readonly history?: number;
}

export function tailCommand(): Command {
  return new Command('tail')
    .summary('watch series, or the overview, in the terminal')
    .description(
      'Shows series as they change: a live table on a terminal, one line a change in a pipe. ' +
        'Without a selector it shows the overview of all hosts.',
    )
    .argument('[selector]', 'PromQL: a label selector such as node_load1, or an expression')
    .option('--hub <url>', 'the hub', hubValue, 'http://127.0.0.1:8080')
    .addOption(new Option('--token <token>', 'access token').env('NOWCAST_TOKEN'))
    .option('--json', 'one JSON object a line')
    .option('--all', 'in lines: also samples with the value that was there before')
    .option('--history <duration>', 'begin this long ago', durationValue)
    .addHelpText(
      'after',
      `
Examples:
  nowcast tail
  nowcast tail node_load1
  nowcast tail 'sum by (mode) (rate(node_cpu_seconds_total[10s]))'
  nowcast tail '{__name__=~"node_network_.*_bytes_total", device="eth0"}'
  nowcast tail node_memory_MemAvailable_bytes --json | jq .value`,
    )
    .action(async (selector: string | undefined, flags: TailFlags) => {
      // The work stands elsewhere, so that `--help` need not load it.
      if (selector === undefined)
        await (await import('../tail/tail-overview.ts')).tailOverview(flags);
      else await (await import('../tail/tail-series.ts')).tailSeries(selector, flags);
    });
}
