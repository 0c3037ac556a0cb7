import { readdir, readFile } from 'node:fs/promises';
import nodemailer from 'nodemailer';
import { ADDRESS } from '../internet/plan.ts';
import { READERS, type Reader, TOWNS } from './plan.ts';

type Town = (typeof TOWNS)[number];

export interface Letter {
  town: Town;
  reader: Reader;
  /** With the lines that the last server put on top. */
  raw: string;
}

/** Every letter that lies in a mailbox of the towns. */
export async function lettersIn(mail: string): Promise<Letter[]> {
  const letters: Letter[] = [];
  for (const town of TOWNS) {
    const folder = `${mail}/${town.software}/all/new`;
    for (const name of await readdir(folder).catch(() => [])) {
      const raw = await readFile(`${folder}/${name}`, 'utf8');
      const reader = READERS.find((each) => field(raw, 'To').includes(`${each}@${town.name}`));
      if (reader) letters.push({ town, reader, raw });
    }
  }
  return letters;
}

/** First field of that name, unfolded; "" when there is none. */
function field(raw: string, name: string): string {
  const head = (raw.split(/\r?\n\r?\n/)[0] ?? '').replace(/\r?\n[ \t]+/g, ' ');
  return new RegExp(`^${name}: *(.*?)\\r?$`, 'im').exec(head)?.[1] ?? '';
}

/** What people and their providers do about a letter; what servers answer by themselves is not theirs. */
export async function answer(letter: Letter): Promise<void> {
  const { town, reader, raw } = letter;
  const address = `${reader}@${town.name}`;
  const mail = answerOf(letter, address);
  if (!mail) return;
  const server = nodemailer.createTransport({ host: ADDRESS[town.software], port: 25, ignoreTLS: true });
  const { from, to, lines } = mail;
  const head = [`To: ${to}`, `Date: ${field(raw, 'Date')}`, 'MIME-Version: 1.0'];
  await server.sendMail({ envelope: { from, to: [to] }, raw: [...head, ...lines].join('\r\n') });
}

function answerOf(
  { town, reader, raw }: Letter,
  address: string,
): { from: string; to: string; lines: string[] } | null {
  const id = field(raw, 'Message-ID');
  const returnPath = field(raw, 'Return-Path').replace(/[<>]/g, '');
  switch (reader) {
    case 'away': {
      // RFC 3834: to the return path, from nobody. The server of the town with Exim has answered by itself.
      if (town.software === 'exim') return null;
      const subject = `Subject: Automatic reply: ${field(raw, 'Subject')}`;
      const robot = ['Auto-Submitted: auto-replied', `In-Reply-To: ${id}`];
      return { from: '', to: returnPath, lines: [`From: ${address}`, subject, ...robot, '', 'Back on Monday.', ''] };
    }
    case 'writer': {
      const [said, about] = [`Subject: Re: ${field(raw, 'Subject')}`, [`In-Reply-To: ${id}`, `References: ${id}`]];
      return {
        from: address,
        to: 'ada@letters.example',
        lines: [`From: ${address}`, said, ...about, '', 'Thanks!', ''],
      };
    }
    case 'leaver': {
      const [, to = '', subject = ''] = /<mailto:([^?>]+)\?subject=([^>]+)>/.exec(field(raw, 'List-Unsubscribe')) ?? [];
      return { from: address, to, lines: [`From: ${address}`, `Subject: ${decodeURIComponent(subject)}`, '', '', ''] };
    }
    case 'angry':
      return complaint(town, returnPath, raw);
    case 'calm':
    case 'gone':
    case 'dead':
    case 'full':
      return null;
    default:
      return reader satisfies never;
  }
}

/** The report of a feedback loop (RFC 5965), which does not say who complained: many providers leave that out. */
function complaint(town: Town, returnPath: string, raw: string) {
  const from = `feedback@${town.name}`;
  const lines = [
    `From: ${from}`,
    'Subject: Email feedback report',
    'Content-Type: multipart/report; report-type=feedback-report; boundary="part"',
    ...['', '--part', 'Content-Type: text/plain', '', 'A customer of ours does not want this message.'],
    ...['--part', 'Content-Type: message/feedback-report', '', 'Feedback-Type: abuse', 'User-Agent: Town/1.0'],
    ...['Version: 1', `Original-Mail-From: <${returnPath}>`, '', '--part', 'Content-Type: message/rfc822', ''],
    raw.replaceAll(/(?:angry@[\w.]+)/g, 'redacted@example'),
    ...['--part--', ''],
  ];
  return { from, to: 'complaints@letters.example', lines };
}
