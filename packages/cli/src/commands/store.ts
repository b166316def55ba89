import { Command } from 'commander';
import { storeExportCommand } from './store-export.ts';
import { storeImportCommand } from './store-import.ts';
import { storeInfoCommand } from './store-info.ts';
import { storeRepairCommand } from './store-repair.ts';
import { storeVerifyCommand } from './store-verify.ts';

export function storeCommand(): Command {
  const store = new Command('store')
    .summary('look into what is kept, check it, move it')
    .description(
      'Works on the samples a hub has stored. info, verify and export also work while it runs.',
    )
    .addHelpText(
      'after',
      `
Examples:
  nowcast store info
  nowcast store export --match 'node_load1' --start 1d > load.jsonl
  nowcast store verify --data /srv/nowcast`,
    );
  const commands = [
    storeInfoCommand(),
    storeVerifyCommand(),
    storeExportCommand(),
    storeImportCommand(),
    storeRepairCommand(),
  ];
  for (const command of commands) store.addCommand(command);
  return store;
}
