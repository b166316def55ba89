import { systemClock } from '@nowcast/std';
import { Command } from 'commander';
import { formatRepair } from '../store/damage-text.ts';
import { dataFolder, dataOption } from '../store/data-option.ts';
import { styleFor } from '../text-style.ts';

interface RepairFlags {
  readonly data?: string;
}

export function storeRepairCommand(): Command {
  return new Command('repair')
    .summary('save what can be read of a damaged store')
    .description(
      'Writes what is sound into a new store, which takes the place of the damaged one when it is complete. ' +
        'The damaged files are kept beside it, unchanged. The hub must not run.',
    )
    .addOption(dataOption())
    .action(repair);
}

async function repair(flags: RepairFlags): Promise<void> {
  const { repairStore, samplesDirectory } = await import('@nowcast/hub/store');
  const report = await repairStore(samplesDirectory(dataFolder(flags.data)), systemClock.nowMs());
  process.stdout.write(formatRepair(report, styleFor(process.stdout, process.env)));
}
