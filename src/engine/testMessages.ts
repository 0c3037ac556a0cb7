import { createComposer, type Newsletter } from '../compose/index.ts';
import { parseMailbox } from '../shared/address.ts';
import { msg, UserError } from '../shared/errors.ts';
import type { Settings } from '../shared/settings.ts';
import { readDkimKey, stampFor } from './preparer.ts';
import type { TestMessage } from './probe/runProbe.ts';

interface Wanted {
  settings: Settings;
  server: string;
  probe: string;
  letter: { subject: string; text: string };
  recipients: readonly string[];
  key: Uint8Array;
  now: () => number;
}

/**
 * Makes the messages of an in-depth test, signed and addressed as a letter over that server is. They go to the recipients in
 * turn, and every subject begins with [Test]. Throws a UserError without a sender.
 */
export async function testMessages(wanted: Wanted): Promise<(nth: number) => Promise<TestMessage>> {
  const { settings, server, probe, letter, recipients, key, now } = wanted;
  const from = parseMailbox(settings.from);
  if (!from.ok)
    throw new UserError(
      'fromMissing',
      msg('The test messages have no sender.'),
      msg('Set envoi.from to your address.'),
    );
  const dkim = await readDkimKey(settings, from.address);
  const stamp = stampFor(server, settings);
  const headers = { ...stamp.headers, 'Auto-Submitted': 'auto-generated' };
  return async (nth) => {
    const address = recipients[(nth - 1) % recipients.length] ?? '';
    const newsletter = newsletterOf({ name: from.name, address: from.address }, letter, nth);
    // Each has its own Message-ID, by which it is found again.
    const context = { campaign: `${probe}/${nth}`, date: now(), key };
    const composer = await createComposer(newsletter, noAssets, context, dkim);
    const message = await composer.compose({ line: nth, address, fields: {} }, { ...stamp, headers, date: now() });
    if (message.to !== address) throw new Error('a test message was addressed to somebody else');
    return message;
  };
}

const noAssets = () => Promise.reject(new Error('a test message has no files'));

function newsletterOf(from: Newsletter['from'], { subject, text }: Wanted['letter'], nth: number): Newsletter {
  return {
    version: 1,
    kind: 'internal',
    subject: raw(`[Test] ${subject} ${nth}`),
    preheader: '',
    from,
    replyTo: null,
    html: raw(`<p>${escapeHtml(text)}</p>`),
    text: raw(`${text}\n`),
    images: [],
    attachments: [],
    variables: {},
    unsubscribe: { mailto: '', url: '' },
    postalAddress: '',
    listId: '',
    feedbackId: '',
  };
}

/** Escaped, so that Liquid leaves it as it is. */
function raw(text: string): string {
  return text.replace(/[{}]/g, '');
}

function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/\n/g, '<br>');
}
