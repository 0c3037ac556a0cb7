// Time of the preview in the extension host: after a keystroke, and for the n-th of 100,000 recipients. Run: npx node bench/preview.ts
import { cpus } from 'node:os';
import { letterView } from '../src/host/openLetter/letterRenderer.ts';
import * as compose from '../src/letter/index.ts';
import { defaultSettings } from '../src/shared/defaultSettings.ts';
import type { Settings } from '../src/shared/settings.ts';

const paragraph = (n: number) =>
  `## Story ${n}\n\nDear {{ first_name | default: "reader" }}, everything worth knowing about story ${n} in {{ city }}, with **notes**, [a link](https://example.org/${n}) and a table.\n\n| Week | Work |\n| --- | --- |\n| ${n} | Sow |\n\n`;
let body = '# Hello {{ first_name }}\n\n';
for (let n = 1; body.length < 20_000; n++) body += paragraph(n);
const text = `---\nsubject: News for {{ first_name }}\n---\n${body}`;
const settings: Settings = {
  ...defaultSettings,
  from: 'Ada <ada@example.org>',
  replyTo: '',
  unsubscribe: { mailto: '', url: 'https://example.org/leave?t={{ token }}' },
  postalAddress: '1 Mill Lane',
  listId: '',
  feedbackId: '',
};

const rows = ['email,first_name,city,company'];
for (let n = 0; n < 100_000; n++)
  rows.push(`reader${n}@example.org,Reader ${n},${n % 3 ? 'Lille' : ''},Company ${n % 97}`);
const list = compose.memoryList(new TextEncoder().encode(`${rows.join('\n')}\n`));

const started = performance.now();
const index = await compose.indexRecipients(list, { file: 'readers.csv' });
console.log(
  `${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}; list of 100,000 gone through in ${ms(performance.now() - started)}`,
);

const files: compose.Files = { read: () => Promise.reject(new Error('no files')) };
const viewOf = async (written: string) => {
  const letter = await compose.readLetter({
    text: written,
    path: 'letter.md',
    settings: { settings, findings: [] },
    files,
    nameOf: (file) => file,
    list: async () => ({ name: 'readers.csv', profile: index.profile }),
    purpose: 'look',
    lines: true,
  });
  const view = await letterView(compose, letter, files, Date.now());
  if (!view) throw new Error('the letter does not compile');
  return view;
};
const keystroke = async (change: number): Promise<number> => {
  const at = performance.now();
  const view = await viewOf(`${text}${'x'.repeat(change % 50)}`);
  const recipient = await index.recipientAt(50_000);
  if (!recipient) throw new Error('there is no such recipient');
  await view.render(recipient);
  return performance.now() - at;
};
const cpuBefore = process.cpuUsage();
const times = await repeat(60, keystroke);
const cpu = process.cpuUsage(cpuBefore);
console.log(
  `keystroke to finished letter, ${(text.length / 1000).toFixed(0)} KB of Markdown: ${summary(times)}; processor ${ms((cpu.user + cpu.system) / 1000 / 70)}`,
);

const ready = await viewOf(text);
for (const place of [0, 999, 49_999, 99_999]) {
  const paging = await repeat(60, async () => {
    const at = performance.now();
    const recipient = await index.recipientAt(place);
    if (!recipient) throw new Error('there is no such recipient');
    await ready.render(recipient);
    return performance.now() - at;
  });
  console.log(`recipient ${(place + 1).toLocaleString('en')} of 100,000: ${summary(paging)}`);
}

async function repeat(times: number, measure: (round: number) => Promise<number>): Promise<number[]> {
  for (let round = 0; round < 10; round++) await measure(round);
  const measured: number[] = [];
  for (let round = 0; round < times; round++) measured.push(await measure(round));
  return measured.sort((a, b) => a - b);
}

function summary(sorted: readonly number[]): string {
  return `median ${ms(sorted[Math.floor(sorted.length / 2)] ?? 0)}, 95 % under ${ms(sorted[Math.floor(sorted.length * 0.95)] ?? 0)}`;
}

function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}
