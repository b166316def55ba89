import { CommanderError } from 'commander';
import { describeError, EXIT, exitCodeOf, SilentFailure, type ExitCode } from './exit-code.ts';
import { createProgram } from './program.ts';

/**
 * Runs one command to its end. What goes wrong becomes one line on standard error and an exit code.
 * @param args without the program's own name.
 */
export async function run(args: readonly string[]): Promise<ExitCode> {
  try {
    await createProgram().parseAsync(args, { from: 'user' });
    return EXIT.OK;
  } catch (error) {
    // Help and version end here too, with exit code 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.OK : EXIT.USAGE;
    if (error instanceof SilentFailure) return EXIT.FAILED;
    process.stderr.write(`${describeError(error)}\n`);
    return exitCodeOf(error);
  }
}
