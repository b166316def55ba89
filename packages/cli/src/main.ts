/** Entry of the `nowcast` command. */
import { CommanderError } from 'commander';
import { describeError, EXIT, exitCodeOf } from './exit-code.ts';
import { createProgram } from './program.ts';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader of a pipe has gone (`| head`): what it did not want need not be said.
  if (error.code === 'EPIPE') process.exit(EXIT.OK);
  throw error;
});

try {
  await createProgram().parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Help and version end here too, with exit code 0.
    process.exitCode = error.exitCode === 0 ? EXIT.OK : EXIT.USAGE;
  } else {
    process.stderr.write(`${describeError(error)}\n`);
    process.exitCode = exitCodeOf(error);
  }
}
