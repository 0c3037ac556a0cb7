import type { Reply } from '../shared/outcome.ts';

/** One recipient of a delivery status notification (RFC 3464, 2.3). */
export interface RecipientStatus {
  recipient: string;
  action: 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded' | '';
  reply: Reply;
  host: string;
}

export type Fields = ReadonlyMap<string, string>;

/** Recipients named at most: a report is about one message, and one message of ours has one. */
const MOST_RECIPIENTS = 50;

/** Groups of fields, separated by blank lines; the first of each name counts. Names in lower case, folded lines joined. */
export function fieldGroups(text: string): Fields[] {
  const groups: Map<string, string>[] = [];
  for (const block of text.replace(/\r\n?/g, '\n').split(/\n[ \t]*\n/, MOST_RECIPIENTS + 1)) {
    const fields = new Map<string, string>();
    for (const line of block.replace(/\n[ \t]+/g, ' ').split('\n')) {
      const colon = line.indexOf(':');
      const name = line.slice(0, colon).trim().toLowerCase();
      if (colon > 0 && !fields.has(name)) fields.set(name, line.slice(colon + 1).trim());
    }
    if (fields.size > 0) groups.push(fields);
  }
  return groups;
}

/** The recipients of a report; `words` is its human-readable part, for one that quotes no reply. */
export function recipientStatuses(report: string, words: string): RecipientStatus[] {
  return fieldGroups(report)
    .filter((fields) => fields.has('final-recipient') || fields.has('original-recipient') || fields.has('action'))
    .map((fields) => ({
      recipient: addressOf(fields.get('original-recipient')) || addressOf(fields.get('final-recipient')),
      action: actionOf(fields.get('action')),
      reply: replyOf(fields.get('status') ?? '', withoutType(fields.get('diagnostic-code')), words),
      host: withoutType(fields.get('remote-mta')).slice(0, 255),
    }));
}

const ACTIONS = ['failed', 'delayed', 'delivered', 'relayed', 'expanded'] as const;

function actionOf(written = ''): RecipientStatus['action'] {
  const word = /^[a-z]{1,20}/i.exec(written)?.[0].toLowerCase();
  return ACTIONS.find((known) => known === word) ?? '';
}

/** “rfc822; ann@example.org” without its type. */
export function withoutType(written = ''): string {
  const semicolon = written.indexOf(';');
  return (semicolon < 0 ? written : written.slice(semicolon + 1)).trim();
}

/** The address of an address field, without brackets; "" when there is none. */
export function addressOf(written: string | undefined): string {
  const value = withoutType(written).replace(/^<|>$/g, '').trim();
  return value.length <= 320 && value.includes('@') ? value : '';
}

const CODE = /(?:^|[^\d.])([245]\d\d)[ -]#?(?:([245]\.\d{1,3}\.\d{1,3})(?![\d.])[ :-]{0,3})?/;
const STATUS = /([245])\.(\d{1,3})\.(\d{1,3})/;

/** The server's reply, or one constructed from the status (RFC 3463) and the human-readable part. */
export function replyOf(status: string, diagnostic: string, words: string): Reply {
  const said = diagnostic.slice(0, 2_000);
  const quoted = CODE.exec(said);
  const enhanced = STATUS.exec(status.slice(0, 100));
  if (quoted) {
    const text = said.slice(quoted.index + quoted[0].length).trim();
    const code = Number(quoted[1]);
    const own = quoted[2] ?? '';
    const ofStatus = enhanced?.[0] ?? '';
    return { code, enhanced: own || (ofStatus.startsWith(String(code).charAt(0)) ? ofStatus : ''), text };
  }
  const text = said || words.slice(0, 1_000);
  if (enhanced) return { code: enhanced[1] === '4' ? 450 : 550, enhanced: enhanced[0], text };
  return { code: 550, enhanced: '', text };
}
