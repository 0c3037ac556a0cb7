// One bundle per front door. Only the extension bundle may resolve `vscode`; a stray import elsewhere fails the build.
import { readFileSync, writeFileSync } from 'node:fs';
import { context } from 'esbuild';
import { thirdPartyNotices } from './scripts/lib/notices.js';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
const watch = process.argv.includes('--watch');
const production = process.argv.includes('--production');

/** The editor loads the composing code on first use, not at activation: it stays a file of its own. */
const lazyCompose = {
  name: 'lazy-compose',
  setup(build) {
    build.onResolve({ filter: /\/compose\/index\.ts$/ }, (args) =>
      args.kind === 'dynamic-import' ? { path: './compose.cjs', external: true } : undefined,
    );
  },
};

const node = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  // jsonc-parser's CommonJS build hides its requires from bundlers.
  mainFields: ['module', 'main'],
  minify: production,
  sourcemap: production ? false : 'linked',
  legalComments: 'none',
  metafile: true,
  logLevel: 'info',
};

const page = { ...node, platform: 'browser', format: 'iife', target: 'chrome134', sourcemap: false };

const bundles = [
  {
    ...node,
    entryPoints: ['src/extension.ts'],
    outfile: 'dist/extension.cjs',
    external: ['vscode'],
    plugins: [lazyCompose],
  },
  { ...node, entryPoints: ['src/compose/index.ts'], outfile: 'dist/compose.cjs' },
  { ...node, entryPoints: ['src/engineMain.ts'], outfile: 'dist/engine.cjs' },
  {
    ...node,
    entryPoints: ['src/cli.ts'],
    outfile: 'dist/cli.cjs',
    define: { 'process.env.ENVOI_VERSION': JSON.stringify(version) },
    banner: { js: '#!/usr/bin/env node' },
  },
  {
    ...page,
    entryPoints: ['media/preview.ts', 'media/preview.css', 'media/report.ts', 'media/report.css'],
    outdir: 'dist',
  },
];

const metafiles = [];
for (const options of bundles) {
  const build = await context(options);
  if (watch) await build.watch();
  else {
    metafiles.push((await build.rebuild()).metafile);
    await build.dispose();
  }
}
if (!watch) writeFileSync('dist/THIRD-PARTY-NOTICES.txt', thirdPartyNotices(metafiles));
