/** `npm run dev`: the hub from source, restarted on change, and the page with hot reload in front of it. */
import { spawn } from 'node:child_process';
import { ensureInstalled, root } from './ensure.mjs';

ensureInstalled();
const flags = process.argv.slice(2);
const children = [
  spawn(
    'npx',
    ['tsx', 'watch', '--clear-screen=false', 'packages/cli/src/main.ts', 'up', ...flags],
    {
      cwd: root,
      stdio: 'inherit',
    },
  ),
  spawn('npx', ['vite', 'packages/web'], { cwd: root, stdio: 'inherit' }),
];
for (const child of children)
  child.on('exit', (code) => {
    for (const other of children) if (other !== child) other.kill();
    process.exitCode ||= code ?? 0;
  });
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    for (const child of children) child.kill(signal);
  });
