import preact from '@preact/preset-vite';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin, type UserConfig } from 'vite';

const hub = process.env['NOWCAST_DEV_HUB'] ?? 'http://127.0.0.1:8080';

const COMPRESSED_MIN_BYTES = 1_000;

/** Puts ready-made `.gz` and `.br` files beside what is built: the hub compresses nothing while it serves. */
function precompress(): Plugin {
  return {
    name: 'precompress',
    apply: 'build',
    async writeBundle({ dir }) {
      if (dir === undefined) return;
      for (const name of await readdir(dir, { recursive: true })) {
        if (!/\.(?:js|css|svg|html)$/.test(name)) continue;
        const file = join(dir, name);
        const bytes = await readFile(file);
        if (bytes.length < COMPRESSED_MIN_BYTES) continue;
        await writeFile(`${file}.gz`, gzipSync(bytes, { level: 9 }));
        await writeFile(`${file}.br`, brotliCompressSync(bytes));
      }
    },
  };
}

/** The development server passes what belongs to the hub on to a running one. */
const config: UserConfig = defineConfig({
  root: import.meta.dirname,
  plugins: [preact(), precompress()],
  server: {
    host: '127.0.0.1',
    proxy: {
      '/monitor': { target: hub, ws: true },
      '/api': { target: hub },
    },
  },
  build: {
    target: 'es2022',
    // Inlined assets would be data: addresses, which the hub's content security policy refuses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});

export default config;
