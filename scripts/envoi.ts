// `npm run --silent envoi -- …`: the command from a checkout, built when it is not there, in the caller's folder.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const bundle = resolve(root, 'dist/cli.cjs');

if (!existsSync(bundle)) {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^ENVOI_(PASSWORD|TOKEN)_/i.test(name)),
  );
  execFileSync(process.execPath, ['esbuild.js'], { cwd: root, stdio: 'pipe', env });
}
if (process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);
createRequire(import.meta.url)(bundle);
