/**
 * Real peers the tests run against, from Debian's packages. With root and apt what is missing is
 * installed; otherwise it is named, and the tests that need it skip themselves visibly.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';

/** Package → a file that says it is there, and what it is for. */
const PACKAGES = {
  chromium: ['/usr/bin/chromium', 'the page in a real browser'],
  'fonts-noto-cjk': [
    '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc',
    'Chinese text in screenshots',
  ],
  'prometheus-node-exporter': [
    '/usr/bin/prometheus-node-exporter',
    'the agent beside node_exporter',
  ],
  prometheus: ['/usr/bin/prometheus', 'queries beside Prometheus'],
};

export function ensureSystemPackages() {
  const missing = Object.keys(PACKAGES).filter((name) => !existsSync(PACKAGES[name][0]));
  if (missing.length === 0) return;
  const canInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (canInstall) install(missing);
  for (const name of missing)
    if (!existsSync(PACKAGES[name][0]))
      process.stdout.write(
        `missing: Debian package ${name} (${PACKAGES[name][1]}); its tests are skipped\n`,
      );
}

function install(packages) {
  process.stdout.write(`Installing Debian packages for the tests: ${packages.join(' ')}\n`);
  const release = holdServices();
  try {
    apt(['update', '-qq']);
    if (apt(['install', '-y', '-qq', '--no-install-recommends', ...packages]) !== 0)
      // One package that cannot be had must not cost the others.
      for (const name of packages) apt(['install', '-y', '-qq', '--no-install-recommends', name]);
  } finally {
    release();
  }
}

/** The tests start these servers themselves, on ports of their own; Debian shall not start them. */
function holdServices() {
  const policy = '/usr/sbin/policy-rc.d';
  if (existsSync(policy)) return () => undefined;
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  return () => rmSync(policy, { force: true });
}

function apt(args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 'inherit'] }).status;
}
