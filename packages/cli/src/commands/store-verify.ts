import { Command } from 'commander';
import { SilentFailure } from '../exit-code.ts';
import { progressLine } from '../store/progress.ts';
import { dataFolder, dataOption } from '../store/data-option.ts';
import { formatVerify } from '../store/damage-text.ts';
import { styleFor } from '../text-style.ts';

interface VerifyFlags {
  readonly data?: string;
  readonly json?: boolean;
}

export function storeVerifyCommand(): Command {
  return new Command('verify')
    .summary('check every checksum of every file')
    .description(
      'Reads all files of the store and names what is damaged and what it held. Works while a hub runs. ' +
        'Ends with exit code 1 when there is damage.',
    )
    .addOption(dataOption())
    .option('--json', 'as one JSON object')
    .action(verify);
}

async function verify(flags: VerifyFlags): Promise<void> {
  const { verifyStore, samplesDirectory } = await import('@nowcast/hub/store');
  using progress = progressLine();
  const report = await verifyStore(
    samplesDirectory(dataFolder(flags.data)),
    ({ bytes, bytesTotal }) =>
      progress.show({ share: bytes / Math.max(1, bytesTotal), amount: bytes, unit: 'bytes' }),
  );
  progress.clear();
  process.stdout.write(
    flags.json
      ? `${JSON.stringify(report)}\n`
      : formatVerify(report, styleFor(process.stdout, process.env)),
  );
  if (report.damage.length > 0) throw new SilentFailure();
}
