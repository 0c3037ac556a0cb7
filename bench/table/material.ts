import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compileNewsletter, parseDocument } from '../../src/compose/index.ts';

/** What every client sends: a letter of 20 KB HTML with a text part and six fields, a list, a key. All lie in one folder. */
export interface Material {
  folder: string;
  /** Bytes of the HTML, before the fields are filled in. */
  htmlBytes: number;
}

const HEADER = 'email,first_name,last_name,city,plan,points,code';

const section = (n: number) => `## Story ${n}: what the garden tells us in spring

Everything you need to know about sowing, thinning and hardening off your seedlings before the last frost, {{ first_name }}: a
month-by-month calendar for {{ city }}, Hélène’s and Jörg’s notes, and **five tools** we actually use.

- [Read the whole story](https://news.example/2026/spring/article-${n}?utm_source=newsletter&utm_medium=email)
- Four minutes to read, *ideal with a cup of tea*
- Photographs and a printable checklist

| Week | Work | Tool |
| --- | --- | --- |
| ${n} | Sow in trays | dibber |
| ${n + 1} | Thin the rows | scissors |
`;

const letter = `---
subject: "{{ first_name }}, your spring issue and code {{ code }}"
from: The Garden Letter <letter@sender.example>
---
# Dear {{ first_name }} {{ last_name }},

Spring has reached {{ city }}. You are on the **{{ plan }}** plan and have {{ points }} points. Your code: \`{{ code }}\`

${Array.from({ length: 7 }, (_, n) => section(n + 1)).join('\n')}`;

export async function makeMaterial(folder: string): Promise<Material> {
  await mkdir(folder, { recursive: true });
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  await writeFile(join(folder, 'key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  await writeFile(join(folder, 'letter.md'), letter);
  const { newsletter } = await compileNewsletter({
    document: parseDocument(letter, 'letter.md'),
    settings: { ...words, from: '', replyTo: '', feedbackId: '' },
    files: { read: () => Promise.reject(new Error('no files')) },
    fields: HEADER.split(','),
  });
  if (!newsletter) throw new Error('the letter does not compile');
  // For the others: the same templates, without what only Envoi understands.
  const plain = (template: string) =>
    template
      .replace(/\{%-?\s*(?:end)?envoi_\w+.*?%\}/g, '')
      .replace(/\{\{ postal_address.*?\}\}/g, words.postalAddress)
      .replace(/\{\{ subject.*?\}\}/g, newsletter.subject);
  const templates = { subject: newsletter.subject, html: newsletter.html, text: newsletter.text };
  for (const [name, template] of Object.entries(templates))
    await writeFile(join(folder, `${name}.liquid`), plain(template));
  return { folder, htmlBytes: Buffer.byteLength(newsletter.html) };
}

const words = {
  unsubscribe: { mailto: '', url: 'https://sender.example/leave?t={{ token }}' },
  postalAddress: 'The Garden Letter\n12 Orchard Lane, Port Alder',
  listId: 'garden.sender.example',
};

const names = ['Anna', 'Zoë', 'Jürgen', 'Mark', 'Priya', 'Łukasz', 'John', 'Maria'];
const towns = ['Lille', 'São Paulo', 'New York', 'Zürich', 'Kraków', 'Leeds', 'Osaka'];

/** A list of `rows` readers; their number of domains grows with it. */
export async function writeList(file: string, rows: number): Promise<void> {
  const out = createWriteStream(file);
  out.write(`${HEADER}\n`);
  const domains = Math.max(50, Math.ceil(rows / 200));
  for (let n = 0; n < rows; n++) {
    const cells = [names[n % 8], `Miller ${n}`, towns[n % 7], n % 2 ? 'Friend' : 'Patron', n % 977, `SPRING-${n}`];
    if (!out.write(`reader${n}@d${n % domains}.example,${cells.join(',')}\n`)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'close');
}

export interface Sending {
  port: number;
  connections: number;
  dkim: boolean;
  pipelineDepth: number;
}

/** Envoi's settings for one run. */
export function settingsFor({ port, connections, dkim, pipelineDepth }: Sending): string {
  return JSON.stringify({
    'envoi.servers': {
      sink: {
        host: '127.0.0.1',
        port,
        security: 'none',
        auth: 'none',
        maxConnections: connections,
        maxMessagesPerConnection: 100_000,
        ...(pipelineDepth > 1 ? { pipelineDepth } : {}),
      },
    },
    'envoi.route': ['sink'],
    'envoi.dkim': dkim ? { 'sender.example': { selector: 'bench', privateKeyFile: 'key.pem' } } : {},
    'envoi.unsubscribe': { url: words.unsubscribe.url },
    'envoi.postalAddress': words.postalAddress,
    'envoi.listId': words.listId,
  });
}
