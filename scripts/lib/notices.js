import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const OURS = `Provider limits in Envoi's table of mail systems follow figures published with KumoMTA's
shaping files (Copyright KumoCorp, Apache License 2.0).
`;

/** The licences of all packages that ended up in bundles, as they want to travel with copies. */
export function thirdPartyNotices(metafiles) {
  const folders = new Set();
  for (const { inputs } of metafiles) {
    for (const input of Object.keys(inputs)) {
      const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
      if (folder) folders.add(folder);
    }
  }
  const parts = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((entry) => /^(?:licen[cs]e|copying)/i.test(entry));
    const text = file ? readFileSync(join(folder, file), 'utf8').trim() : `Licence: ${license}`;
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
  return [OURS, ...parts].join(`\n${'-'.repeat(78)}\n\n`);
}
