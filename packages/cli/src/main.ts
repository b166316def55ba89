/** Entry of the `nowcast` command. */
import { EXIT } from './exit-code.ts';
import { run } from './run.ts';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader of a pipe has gone (`| head`): what it did not want need not be said.
  if (error.code === 'EPIPE') process.exit(EXIT.OK);
  throw error;
});

process.exitCode = await run(process.argv.slice(2));
