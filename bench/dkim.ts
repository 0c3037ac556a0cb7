/**
 * Every message of a run verified by two strangers: mailauth, and dkimpy where Python has it (Debian: python3-dkim).
 *
 *   node bench/dkim.ts [messages]
 */
import { generateKeyPairSync } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { run } from '../scripts/lib/run.ts';
import { compileNewsletter, createComposer, parseDocument } from '../src/compose/index.ts';

const count = Number(process.argv[2] ?? 10_000);
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const record = `v=DKIM1; k=rsa; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`;
const text = `---
subject: "Für {{ first_name | default: 'reader' }} in {{ city }}"
from: Ada <ada@sender.example>
---
# Dear {{ first_name | default: "reader" | upcase }},

{% if code %}Your code {{ code }}{% endif %}

Spring in {{ city }} has {{ points | number }} points.

${'- [story](https://news.example.com/a?b=c&d={{ points }})\n'.repeat(40)}`;
const { newsletter } = await compileNewsletter({
  document: parseDocument(text, 'letter.md'),
  settings: {
    from: '',
    replyTo: '',
    unsubscribe: { mailto: 'leave@sender.example', url: 'https://sender.example/leave?t={{ token }}' },
    postalAddress: '1 Mill Lane',
    listId: 'garden.sender.example',
    feedbackId: '',
  },
  files: { read: () => Promise.reject(new Error('no files')) },
});
if (!newsletter) throw new Error('the letter does not compile');
const composer = await createComposer(
  newsletter,
  () => Promise.reject(new Error('no files')),
  { campaign: 'bench', date: Date.now(), key: Buffer.alloc(32, 7) },
  { domain: 'sender.example', selector: 's', privateKey: String(privateKey.export({ type: 'pkcs8', format: 'pem' })) },
);

const python = `
import dkim, struct, sys
record = open(sys.argv[1] + '/record', 'rb').read()
messages = open(sys.argv[1] + '/messages', 'rb').read()
at = passed = 0
while at < len(messages):
    (size,) = struct.unpack('>I', messages[at:at + 4])
    passed += dkim.verify(messages[at + 4:at + 4 + size], dnsfunc=lambda *a, **k: record)
    at += 4 + size
print(passed)
`;
const folder = await mkdtemp(join(tmpdir(), 'envoi-dkim-'));
try {
  const names = ['Ada', 'Zoé', '', 'Владимир', '美咲 & <b>', '.dot\n.line'];
  const made: Uint8Array[] = [];
  let passed = 0;
  for (let n = 0; n < count; n++) {
    const fields = {
      first_name: names[n % names.length] ?? '',
      city: ['Lille', 'Köln', ' Porto '][n % 3] ?? '',
      points: String((n * 977) % 100_000),
      code: n % 4 ? `S-${n}` : '',
    };
    const { bytes } = await composer.compose({ line: n + 2, address: `reader${n}@d${n % 50}.example`, fields });
    const size = Buffer.alloc(4);
    size.writeUInt32BE(bytes.length);
    made.push(size, bytes);
    const { results } = await dkimVerify(Buffer.from(bytes), { resolver: async () => [[record]] });
    if (results.length === 1 && results[0]?.status.result === 'pass') passed++;
  }
  console.log(`mailauth: ${passed} of ${count}`);
  await writeFile(join(folder, 'messages'), Buffer.concat(made));
  await writeFile(join(folder, 'record'), record);
  // Debian's own, which its packages belong to, may not be the first in the path.
  const debian = '/usr/bin/python3';
  const { code, output } = await run(existsSync(debian) ? debian : 'python3', ['-c', python, folder], {});
  console.log(code === 0 ? `dkimpy: ${output.trim()} of ${count}` : 'dkimpy is not there (Debian: python3-dkim)');
} finally {
  await rm(folder, { recursive: true, force: true });
}
