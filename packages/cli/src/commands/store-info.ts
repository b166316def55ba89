import { Command } from 'commander';
import { dataFolder, dataOption } from '../store/data-option.ts';
import { styleFor } from '../text-style.ts';

interface InfoFlags {
  readonly data?: string;
  readonly json?: boolean;
}

export function storeInfoCommand(): Command {
  return new Command('info')
    .summary('what is kept: series, samples, size, time, labels')
    .description('Says what the store holds. Works while a hub runs.')
    .addOption(dataOption())
    .option('--json', 'as one JSON object')
    .action(info);
}

async function info(flags: InfoFlags): Promise<void> {
  const { describeStore, openSnapshot, samplesDirectory } = await import('@nowcast/hub/store');
  using snapshot = await openSnapshot(samplesDirectory(dataFolder(flags.data)), (message) =>
    process.stderr.write(`nowcast store: ${message}\n`),
  );
  const facts = describeStore(snapshot);
  const { formatInfo } = await import('../store/info-table.ts');
  process.stdout.write(
    flags.json
      ? `${JSON.stringify(facts)}\n`
      : formatInfo(facts, styleFor(process.stdout, process.env)),
  );
}
