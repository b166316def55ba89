/** `npm test`: everything a fresh clone needs, then all checks. */
import { spawnSync } from 'node:child_process';
import { ensureProduct, root } from './ensure.mjs';
import { ensureSystemPackages } from './system-packages.mjs';

ensureProduct();
ensureSystemPackages();
const { status } = spawnSync('npm', ['run', '--silent', 'check'], { cwd: root, stdio: 'inherit' });
process.exit(status ?? 1);
