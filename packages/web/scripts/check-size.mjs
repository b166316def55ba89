/** Prints what the page loads before lazy parts, gzipped, and fails when that is more than its budget. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const BUDGET_KB = 150;
const repository = fileURLToPath(new URL('../../..', import.meta.url));
const folder = [
  process.argv[2],
  join(repository, 'dist/web'),
  join(repository, 'packages/web/dist'),
].find((one) => one !== undefined && existsSync(join(one, 'index.html')));
if (folder === undefined) {
  process.stderr.write('the page is not built: run `npm run build` first, or name its folder\n');
  process.exit(2);
}

const html = readFileSync(join(folder, 'index.html'), 'utf8');
const files = [...html.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css|svg))"/g)].map(
  (match) => match[1],
);
let totalBytes = 0;
for (const file of ['index.html', ...new Set(files)]) {
  const bytes = gzipSync(readFileSync(join(folder, file)), { level: 9 }).length;
  totalBytes += bytes;
  process.stdout.write(`${(bytes / 1000).toFixed(1).padStart(8)} KB  ${file}\n`);
}
process.stdout.write(
  `${(totalBytes / 1000).toFixed(1).padStart(8)} KB  in all, gzipped; budget ${BUDGET_KB} KB\n`,
);
process.exitCode = totalBytes / 1000 > BUDGET_KB ? 1 : 0;
