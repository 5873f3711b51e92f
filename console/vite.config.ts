// How the console is built, served in development and tested. Nothing of the program lives here.
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const backend = process.env.MINGJING_BACKEND ?? 'http://127.0.0.1:8360';

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    outDir: '../src/mingjing/web/static',
    emptyOutDir: true,
    // What `npm run budget` reads.
    manifest: true,
    target: 'es2022',
    // An inlined asset would be a data: URL, which the content security policy refuses for scripts and workers.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
  },
  worker: { format: 'es' },
  server: {
    proxy: {
      '/api': { target: backend, ws: true },
    },
  },
  test: {
    environment: 'jsdom',
    setupFiles: ['./vitest.setup.ts'],
    include: ['src/**/*.test.{ts,tsx}'],
    css: false,
  },
});
