// One bundle per front door. Only the extension bundle may resolve `vscode`; a stray import elsewhere fails the build.
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { context } from 'esbuild';
import { lateBuiltins } from './scripts/lib/lateBuiltins.js';
import { thirdPartyNotices } from './scripts/lib/notices.js';
import { slimMailbox } from './scripts/lib/slimMailbox.js';
import { slimSerializer } from './scripts/lib/slimSerializer.js';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
const watch = process.argv.includes('--watch');
const production = process.argv.includes('--production');

/** A room that is loaded on first use stays a file of its own: `import('…/letter/index.ts')` becomes `./letter.cjs`. */
const lazy = (room) => ({
  name: `lazy-${room}`,
  setup(build) {
    build.onResolve({ filter: new RegExp(`/${room}/index\\.ts$`) }, (args) =>
      args.kind === 'dynamic-import' ? { path: `./${room}.cjs`, external: true } : undefined,
    );
  },
});

/**
 * Each module that imports the CommonJS module `vscode` as a namespace would copy its four hundred members at load, which
 * was most of the time of activation. Here they share one module with the members that are used.
 */
const oneVscode = {
  name: 'one-vscode',
  setup(build) {
    build.onResolve({ filter: /^vscode$/ }, (args) =>
      args.namespace === 'vscode' ? { path: 'vscode', external: true } : { path: 'vscode', namespace: 'vscode' },
    );
    build.onLoad({ filter: /.*/, namespace: 'vscode' }, () => {
      const sources = ['src/extension.ts', ...globSync('src/host/**/*.ts')].map((path) => readFileSync(path, 'utf8'));
      const members = new Set(
        sources.flatMap((text) => [...text.matchAll(/\bvscode\.(\w+)/g)].map((found) => found[1])),
      );
      const exported = [...members].sort().map((name) => `export const ${name} = vscode.${name};`);
      return { contents: `const vscode = require('vscode');\n${exported.join('\n')}\n`, resolveDir: '.' };
    });
  },
};

/**
 * The command is a file of its own behind its front door, which turns on the compile cache before that is read. So is its
 * usage, which need not wait for the rest.
 */
const commandApart = {
  name: 'command-apart',
  setup(build) {
    for (const [source, path] of [
      [/\/cli\/main\.ts$/, './command.cjs'],
      [/\/cli\/usage\.ts$/, './usage.cjs'],
    ]) {
      build.onResolve({ filter: source }, (args) =>
        args.kind === 'dynamic-import' ? { path, external: true } : undefined,
      );
    }
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

const itsVersion = { 'process.env.ENVOI_VERSION': JSON.stringify(version) };

const page = { ...node, platform: 'browser', format: 'iife', target: 'chrome134', sourcemap: false };

const bundles = [
  {
    ...node,
    entryPoints: ['src/extension.ts'],
    outfile: 'dist/extension.cjs',
    plugins: [lazy('letter'), lazy('catcher'), lazy('attach'), oneVscode],
  },
  {
    ...node,
    entryPoints: ['src/letter/index.ts'],
    outfile: 'dist/letter.cjs',
    plugins: [lazy('workbook'), slimSerializer],
  },
  {
    ...node,
    entryPoints: ['src/host/openLetter/worker/letterWorker.ts'],
    outfile: 'dist/letterWorker.cjs',
    plugins: [lazy('letter')],
  },
  // Workbooks are rare: what reads them is a file of its own, shared by the editor and the command.
  { ...node, entryPoints: ['src/compose/recipients/workbook/index.ts'], outfile: 'dist/workbook.cjs' },
  { ...node, entryPoints: ['src/attach/index.ts'], outfile: 'dist/attach.cjs' },
  { ...node, entryPoints: ['src/catcher/index.ts'], outfile: 'dist/catcher.cjs' },
  {
    ...node,
    entryPoints: ['src/engineMain.ts'],
    outfile: 'dist/engine.cjs',
    plugins: [lazy('mailbox'), lazy('evidence'), slimSerializer],
  },
  { ...node, entryPoints: ['src/mailbox/index.ts'], outfile: 'dist/mailbox.cjs', plugins: [slimMailbox] },
  { ...node, entryPoints: ['src/evidence/index.ts'], outfile: 'dist/evidence.cjs' },
  {
    ...node,
    entryPoints: ['src/cli.ts'],
    outfile: 'dist/cli.cjs',
    banner: { js: '#!/usr/bin/env node' },
    plugins: [commandApart],
    // As `require`: faster than by the loader of modules.
    supported: { 'dynamic-import': false },
  },
  { ...node, entryPoints: ['src/cli/usage.ts'], outfile: 'dist/usage.cjs', define: itsVersion },
  {
    ...node,
    entryPoints: ['src/cli/main.ts'],
    outfile: 'dist/command.cjs',
    define: itsVersion,
    plugins: [lazy('mailbox'), lazy('workbook'), lazy('evidence'), slimSerializer, lateBuiltins],
  },
  {
    ...page,
    entryPoints: [
      ...['preview', 'report', 'mailbox'].flatMap((page) => [`media/${page}.ts`, `media/${page}.css`]),
      'media/before.css',
    ],
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
