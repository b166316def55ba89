import { Command } from 'commander';
import { agentCommand } from './commands/agent.ts';
import { storeCommand } from './commands/store.ts';
import { tailCommand } from './commands/tail.ts';
import { upCommand } from './commands/up.ts';
import { VERSION } from './version.ts';

/** The command line, ready to parse. It throws a `CommanderError` instead of ending the process. */
export function createProgram(): Command {
  const program = new Command('nowcast')
    .description('Real-time monitoring around one WebSocket.')
    .version(VERSION, '--version', 'print the version')
    .showSuggestionAfterError()
    .addHelpText('after', '\n`nowcast <command> --help` has flags and examples.');
  const commands = [upCommand(), agentCommand(), tailCommand(), storeCommand()];
  for (const command of commands) program.addCommand(command);
  for (const command of [program, ...commands, ...commands.flatMap((one) => one.commands)])
    command.exitOverride().configureOutput({ outputError: writeOneLine });
  return program;
}

/** Commander's own message, with the name of the program and what to do on the same line. */
function writeOneLine(text: string, write: (text: string) => void): void {
  const message = text
    .replace(/^error: /, '')
    .trim()
    .replaceAll(/\s*\n\s*/g, ' ');
  write(`nowcast: ${message}\n`);
}
