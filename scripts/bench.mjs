/** `npm run bench` lists the benches; `npm run bench -- NAME [ARGS]` runs one. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureProduct, root } from './ensure.mjs';

const [name, ...args] = process.argv.slice(2);
const folder = join(root, 'bench');
const benches = readdirSync(folder).filter((one) => existsSync(join(folder, one, 'index.ts')));

if (name === undefined) {
  process.stdout.write('npm run bench -- NAME\n\n');
  for (const one of benches) process.stdout.write(`  ${one.padEnd(10)} ${purposeOf(one)}\n`);
} else if (!benches.includes(name)) {
  process.stderr.write(`no bench named ${name}; there are: ${benches.join(', ')}\n`);
  process.exit(2);
} else {
  ensureProduct();
  const entry = join(folder, name, 'index.ts');
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', entry, ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  process.exit(status ?? 1);
}

/** The first line of the bench's README that is neither empty nor a heading. */
function purposeOf(one) {
  const readme = join(folder, one, 'README.md');
  if (!existsSync(readme)) return '';
  const lines = readFileSync(readme, 'utf8').split('\n');
  return lines.find((line) => line.trim() !== '' && !line.startsWith('#')) ?? '';
}
