import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ExportFormat } from '@nowcast/hub/store';
import { Command, Option } from 'commander';
import { formatAmount } from '../store/amount-text.ts';
import { dataFolder, dataOption } from '../store/data-option.ts';
import { progressLine } from '../store/progress.ts';
import { addFilterOptions, readFilter, type FilterFlags } from '../store/series-filter.ts';

interface ExportFlags extends FilterFlags {
  readonly data?: string;
  readonly format: ExportFormat;
}

export function storeExportCommand(): Command {
  const command = new Command('export')
    .summary('samples as text')
    .description(
      'Writes samples to a file or to standard output. Works while a hub runs. JSON lines keep every bit; ' +
        'OpenMetrics has no form for staleness markers, which are left out.',
    )
    .argument('[file]', 'where to write (default: standard output)')
    .addOption(dataOption())
    .addOption(
      new Option(
        '--format <format>',
        'jsonl as VictoriaMetrics reads and writes it, or openmetrics',
      )
        .choices(['jsonl', 'openmetrics'])
        .default('jsonl'),
    )
    .addHelpText(
      'after',
      `
Examples:
  nowcast store export all.jsonl
  nowcast store export --format openmetrics --start 2026-01-01 --end 2026-02-01 january.txt
  nowcast store export --match '{instance="lab-1"}' | gzip > lab-1.jsonl.gz`,
    );
  return addFilterOptions(command).action(exportSamples);
}

async function exportSamples(file: string | undefined, flags: ExportFlags): Promise<void> {
  const { emptyCount, exportStore, openSnapshot, samplesDirectory } =
    await import('@nowcast/hub/store');
  const filter = await readFilter(flags);
  using progress = progressLine();
  const onDamage = (message: string): void => {
    progress.clear();
    process.stderr.write(`nowcast store: ${message}\n`);
  };
  using snapshot = await openSnapshot(samplesDirectory(dataFolder(flags.data)), onDamage);
  const count = emptyCount();
  const pieces = exportStore(snapshot, { format: flags.format, filter, onDamage }, count);
  const shown = (function* (): IterableIterator<string> {
    for (const piece of pieces) {
      const share = count.done / Math.max(1, count.total);
      progress.show({ share, amount: count.samples, unit: 'samples' });
      yield piece;
    }
  })();
  const target = file === undefined ? process.stdout : createWriteStream(file);
  await pipeline(Readable.from(shown), target, { end: file !== undefined });
  progress.clear();
  if (file !== undefined || process.stderr.isTTY)
    process.stderr.write(
      `${formatAmount(count.samples)} samples of ${count.series} series written${file === undefined ? '' : ` to ${file}`}\n`,
    );
  if (count.skipped > 0)
    process.stderr.write(
      `${count.skipped} staleness markers have no form in OpenMetrics and were left out; --format jsonl keeps them\n`,
    );
}
