import preact from '@preact/preset-vite';
import { defineConfig, type UserConfig } from 'vite';

const hub = process.env['NOWCAST_DEV_HUB'] ?? 'http://127.0.0.1:8080';

/** The development server passes what belongs to the hub on to a running one. */
const config: UserConfig = defineConfig({
  root: import.meta.dirname,
  plugins: [preact()],
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
