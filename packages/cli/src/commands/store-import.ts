import { createReadStream, statSync } from 'node:fs';
import type { ExportFormat, ImportCount } from '@nowcast/hub/store';
import { CodedError } from '@nowcast/model';
import { Command, Option } from 'commander';
import { SilentFailure } from '../exit-code.ts';
import { formatAmount } from '../store/amount-text.ts';
import { dataFolder, dataOption } from '../store/data-option.ts';
import { progressLine } from '../store/progress.ts';
import { addFilterOptions, readFilter, type FilterFlags } from '../store/series-filter.ts';

interface ImportFlags extends FilterFlags {
  readonly data?: string;
  readonly format?: ExportFormat;
}

/** Bad lines that are told one by one. */
const NAMED_LINES_MAX = 20;

export function storeImportCommand(): Command {
  const command = new Command('import')
    .summary('samples from text')
    .description(
      'Reads samples from a file or from standard input into the store. What cannot be read is named by its line; ' +
        'the rest is taken. Importing the same again changes nothing. The hub must not run.',
    )
    .argument('[file]', 'what to read (default: standard input)')
    .addOption(dataOption())
    .addOption(
      new Option('--format <format>', 'found out by itself when not given').choices([
        'jsonl',
        'openmetrics',
      ]),
    )
    .addHelpText(
      'after',
      `
Examples:
  nowcast store import --data /srv/nowcast all.jsonl
  curl -s http://victoria:8428/api/v1/export -d 'match[]=up' | nowcast store import`,
    );
  return addFilterOptions(command).action(importSamples);
}

async function importSamples(file: string | undefined, flags: ImportFlags): Promise<void> {
  const { emptyImport, importStore, openDiskStore, samplesDirectory } =
    await import('@nowcast/hub/store');
  const filter = await readFilter(flags);
  const bytesTotal = file === undefined ? undefined : sizeOf(file);
  using progress = progressLine();
  const say = (text: string): void => {
    progress.clear();
    process.stderr.write(`${text}\n`);
  };
  const count = emptyImport();
  await using store = await openDiskStore({
    directory: samplesDirectory(dataFolder(flags.data)),
    onEvent: ({ level, message }) => {
      if (level !== 'info') say(`nowcast store: ${message}`);
    },
  });
  const source = file === undefined ? process.stdin : createReadStream(file);
  source.setEncoding('utf8');
  let bytes = 0;
  const pieces = (async function* (): AsyncIterable<string> {
    for await (const piece of source) {
      bytes += Buffer.byteLength(piece as string);
      const share = bytesTotal === undefined ? undefined : bytes / Math.max(1, bytesTotal);
      progress.show({ share, amount: count.accepted + count.duplicate, unit: 'samples' });
      yield piece as string;
    }
  })();
  const onBadLine = (line: number, reason: string): void => {
    if (count.badLines <= NAMED_LINES_MAX) say(`${file ?? 'standard input'}:${line}: ${reason}`);
  };
  await importStore(store, pieces, { format: flags.format, filter, onBadLine }, count);
  say(summary(count));
  if (count.badLines > 0) throw new SilentFailure();
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CodedError('data-dir-unusable', `cannot read ${file}: ${reason}`, { cause });
  }
}

function summary(count: ImportCount): string {
  const facts = [`${formatAmount(count.accepted)} samples imported`];
  if (count.duplicate > 0) facts.push(`${formatAmount(count.duplicate)} were there already`);
  if (count.overwritten > 0)
    facts.push(`${formatAmount(count.overwritten)} replaced another value`);
  if (count.tooOld > 0) facts.push(`${formatAmount(count.tooOld)} were older than the store keeps`);
  if (count.badLines > 0) facts.push(`${count.badLines} of ${count.lines} lines could not be read`);
  return facts.join('; ');
}
