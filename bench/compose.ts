// Messages composed per second on one thread, unsigned and signed. Run: npx node bench/compose.ts
import { generateKeyPairSync } from 'node:crypto';
import { cpus } from 'node:os';
import { compileNewsletter, createComposer, parseDocument } from '../src/compose/index.ts';
import type { DkimKey } from '../src/compose/newsletter.ts';
import type { Recipient } from '../src/shared/recipient.ts';

const section = (number: number) => `
## Story ${number}: what the garden tells us in spring

![A bed of tulips](https://cdn.example.com/img/spring-${number}@2x.jpg)

Everything you need to know about sowing, thinning and hardening off your seedlings before the last frost – with a
month-by-month calendar for your region, Hélène’s and Jörg’s notes, and **five tools** we actually use.

- [Read the whole story](https://news.example.com/2026/spring/article-${number}?utm_source=newsletter&utm_medium=email)
- Four minutes to read, *ideal with a cup of tea*
- Photographs and a printable checklist

| Week | Work | Tool |
| --- | --- | --- |
| ${number} | Sow in trays | dibber |
| ${number + 1} | Thin the rows | scissors |
`;
const text = `---
subject: "Your spring issue, {{ first_name | default: 'reader' }}"
preheader: "Planting guide, growers, tools and an offer for {{ city }}"
from: The Garden Letter <letter@example.com>
---
# Dear {{ first_name | default: "reader" }} {{ last_name }},

Spring has reached {{ city }}. You are on the **{{ plan }}** plan and have {{ points }} points.

{% if code %}
Your code: \`{{ code }}\`
{% endif %}
${[1, 2, 3, 4, 5].map(section).join('\n')}
`;

const { newsletter } = await compileNewsletter({
  document: parseDocument(text, 'letter.md'),
  settings: {
    from: '',
    replyTo: '',
    unsubscribe: { mailto: 'leave@example.com', url: 'https://example.com/leave?t={{ token }}' },
    postalAddress: '1 Mill Lane\nExampleton',
    listId: 'garden.example.com',
    feedbackId: '',
  },
  files: { read: () => Promise.reject(new Error('no files')) },
});
if (!newsletter) throw new Error('the letter does not compile');

const recipients: Recipient[] = Array.from({ length: 10_000 }, (_, index) => ({
  line: index + 2,
  address: `reader${index}@mail${index % 500}.example`,
  fields: {
    first_name: ['Ada', 'Zoé', '', 'Владимир', '美咲'][index % 5] ?? '',
    last_name: `Example ${index}`,
    city: ['Lille', 'Köln', 'Porto'][index % 3] ?? '',
    plan: index % 2 ? 'Friend' : 'Patron',
    points: String(index % 977),
    code: index % 4 ? `SPRING-${index}` : '',
  },
}));

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const ed = generateKeyPairSync('ed25519').privateKey;
const pem = (key: typeof rsa): DkimKey => ({
  domain: 'example.com',
  selector: 'bench',
  privateKey: key.export({ type: 'pkcs8', format: 'pem' }) as string,
});

async function run(label: string, dkim: DkimKey | null, inFlight: number, count: number): Promise<void> {
  if (!newsletter) return;
  const context = { campaign: 'bench', date: Date.UTC(2026, 10, 1), key: Buffer.alloc(32, 7) };
  const composer = await createComposer(newsletter, () => Promise.reject(new Error('no files')), context, dkim);
  for (let index = 0; index < 300; index++) await composer.compose(recipients[index] as Recipient);
  const cpuBefore = process.cpuUsage();
  const start = performance.now();
  let next = 0;
  let bytes = 0;
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      while (next < count) {
        const message = await composer.compose(recipients[next++ % recipients.length] as Recipient);
        bytes += message.bytes.length;
      }
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  const cpu = process.cpuUsage(cpuBefore);
  const perThousand = (cpu.user + cpu.system) / 1e6 / (count / 1000);
  console.log(
    `${label.padEnd(34)} ${Math.round(count / seconds)
      .toString()
      .padStart(
        7,
      )} messages/s   ${perThousand.toFixed(2)} CPU s per 1,000   ${(bytes / count / 1024).toFixed(1)} KB each`,
  );
}

console.log(
  `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}; HTML template ${(newsletter.html.length / 1024).toFixed(1)} KB`,
);
await run('unsigned', null, 1, 20_000);
await run('DKIM rsa-sha256 (2048), 8 in flight', pem(rsa), 8, 5_000);
await run('DKIM rsa-sha256 (2048), 1 in flight', pem(rsa), 1, 2_000);
await run('DKIM ed25519-sha256, 8 in flight', pem(ed), 8, 10_000);
