/**
 * Makes a checkout runnable with nothing but Node and npm: installs when the lock file is newer than what
 * is installed, builds when a source changed since the last build, and does nothing otherwise.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const stampFile = join(root, 'dist', '.stamp');

export function ensureProduct() {
  ensureInstalled();
  ensureBuilt();
}

export function ensureInstalled() {
  const installed = mtimeMs('node_modules/.package-lock.json');
  if (installed >= mtimeMs('package-lock.json')) return;
  say('Installing dependencies …', '正在安装依赖 …');
  const fresh = !existsSync(join(root, 'node_modules'));
  run('npm', [
    fresh ? 'ci' : 'install',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ]);
  // npm leaves its record alone when nothing was missing; it is the mark that all is in place.
  const now = new Date();
  utimesSync(join(root, 'node_modules/.package-lock.json'), now, now);
}

export function ensureBuilt() {
  const fingerprint = fingerprintOfSources();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === fingerprint) return;
  say('Building …', '正在构建 …');
  rmSync(stampFile, { force: true });
  run(process.execPath, [join(root, 'scripts', 'build.mjs')]);
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(stampFile, fingerprint);
}

/** Names, sizes and times of everything the build reads: cheap enough for every start. */
function fingerprintOfSources() {
  const hash = createHash('sha256').update(process.version);
  for (const file of ['package-lock.json', 'scripts/build.mjs']) addFile(hash, join(root, file));
  for (const name of readdirSync(join(root, 'packages')).sort()) {
    if (name === 'testkit') continue;
    addTree(hash, join(root, 'packages', name));
  }
  return hash.digest('hex');
}

function addTree(hash, folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort(byName)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!NOT_SOURCE.has(entry.name)) addTree(hash, path);
    } else if (!/\.(test\.tsx?|md)$/.test(entry.name)) addFile(hash, path);
  }
}

const NOT_SOURCE = new Set(['node_modules', 'dist', 'test', 'fixtures', 'testdata']);

const byName = (a, b) => (a.name < b.name ? -1 : 1);

function addFile(hash, path) {
  const { size, mtimeMs } = statSync(path);
  hash.update(`${path}\0${size}\0${mtimeMs}\n`);
}

function mtimeMs(path) {
  try {
    return statSync(join(root, path)).mtimeMs;
  } catch {
    return -1;
  }
}

function say(english, chinese) {
  const locale = process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || '';
  process.stderr.write(`${locale.startsWith('zh') ? chinese : english}\n`);
}

function run(command, args) {
  // What a step prints goes to stderr: stdout belongs to the command that was asked for.
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (error || status !== 0) {
    process.stderr.write(
      `${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}\n`,
    );
    process.exit(1);
  }
}
