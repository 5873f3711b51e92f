// What a browser fetches before a page is of use, gzip, against its budget: the sum of the emitted scripts along static
// imports. Run after a build; a page that outgrows its budget fails.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const STATIC = fileURLToPath(new URL('../../src/mingjing/web/static/', import.meta.url));
const MANIFEST = `${STATIC}.vite/manifest.json`;
const KILO = 1000;

// The first row stands alone; every later one counts what it adds to the row that it names.
const BUDGETS = [
  { page: 'sign-in', entries: ['index.html', 'src/features/signin/SignInPage.tsx', 'src/shared/i18n/zh-CN/index.ts'], most: 190 },
  { page: 'shell and home', entries: ['index.html', 'src/app/Console.tsx', 'src/shared/i18n/zh-CN/index.ts'], most: 290 },
  { page: 'wall', after: 'shell and home', entries: ['src/features/live/LivePage.tsx'], most: 60 },
  { page: 'playback', after: 'shell and home', entries: ['src/features/playback/PlaybackPage.tsx'], most: 70 },
  { page: 'map', after: 'shell and home', entries: ['src/features/map/MapPage.tsx'], most: 310 },
];

const manifest = JSON.parse(readFileSync(MANIFEST, 'utf-8'));

function scripts(entries) {
  const files = new Set();
  const waiting = [...entries];
  const met = new Set();
  while (waiting.length > 0) {
    const name = waiting.pop();
    if (met.has(name)) continue;
    met.add(name);
    const chunk = manifest[name];
    if (!chunk) throw new Error(`${name} is not in the build's manifest`);
    files.add(chunk.file);
    waiting.push(...(chunk.imports ?? []));
  }
  return files;
}

const size = (file) => gzipSync(readFileSync(STATIC + file)).length / KILO;
const pages = new Map();
let over = false;
for (const { page, entries, after, most } of BUDGETS) {
  const files = scripts(entries);
  pages.set(page, files);
  const before = after ? pages.get(after) : new Set();
  const kB = [...files].filter((file) => !before.has(file)).reduce((sum, file) => sum + size(file), 0);
  if (kB > most) over = true;
  console.log(`${kB > most ? 'OVER' : 'ok  '}  ${page.padEnd(16)} ${kB.toFixed(1).padStart(6)} of ${most} kB${after ? ` beyond ${after}` : ''}`);
}
process.exit(over ? 1 : 0);
