// `npm run clients`: what mail programs do not show, from caniemail's data, trimmed to what a letter may use.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { clientNames, constructs } from '../src/letter/clients/constructs.ts';

interface CanIEmail {
  last_update_date: string;
  data: readonly {
    slug: string;
    url: string;
    stats: Record<string, Record<string, Record<string, string>>>;
  }[];
}

export const SUPPORT = 'src/letter/clients/support.json';

/** By construct: its page, and the programs whose newest version shows nothing of it. */
export function trimmed(source: CanIEmail): { date: string; missing: Record<string, readonly string[]> } {
  const features = constructs.map(({ slug }) => {
    const feature = source.data.find((item) => item.slug === slug);
    if (!feature) throw new Error(`caniemail knows no ${slug}`);
    const missing = Object.keys(clientNames).filter((client) => {
      const [family = '', platform = ''] = client.split('/');
      const versions = Object.values(feature.stats[family]?.[platform] ?? {});
      return versions.at(-1)?.startsWith('n') === true;
    });
    return [slug, missing] as const;
  });
  const date = source.last_update_date.slice(0, 10);
  return { date, missing: Object.fromEntries(features) };
}

export function caniemail(): CanIEmail {
  const path = createRequire(import.meta.url).resolve('caniemail/caniemail.json');
  return JSON.parse(readFileSync(path, 'utf8')) as CanIEmail;
}

if (process.argv[1] === import.meta.filename)
  writeFileSync(
    join(resolve(import.meta.dirname, '..'), SUPPORT),
    `${JSON.stringify(trimmed(caniemail()), null, 2)}\n`,
  );
