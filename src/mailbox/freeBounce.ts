import { domainOf } from '../shared/address.ts';
import type { Reply } from '../shared/outcome.ts';
import { bounceForms } from './bounceForms.ts';
import type { Bounce } from './returned.ts';

/** How far into a bounce its reason is looked for, in characters; the letter itself follows. */
const WINDOW = 8_000;

const DAEMON =
  /^(?:mailer[-_.]?daemon|mail[-_.]?daemon|postmaster|mailerdaemon|mdaemon|mail[-_.]?delivery)[^@]{0,40}@/i;
const DAEMON_NAME = /mail (?:delivery|administrator|system)|mailer-daemon|postmaster|delivery (?:sub)?system|zustell/i;
const SUBJECT =
  /undeliver|not delivered|delivery (?:status notification|failure|failed|report|problem|has failed)|returned? (?:mail|to sender)|failure notice|mail (?:delivery|system) (?:failed|error|failure)|could ?n.t be delivered|nondeliverable|unzustellbar|zustell(?:ung|fehler)|non remis|échec de (?:la )?remise|non distribu|no (?:entregado|se puede entregar)|mancat[ao] (?:recapito|consegna)|onbestelbaar|não entregue|недостав|退信|系统退信/i;

export interface FreeMail {
  from: string;
  fromName: string;
  /** Return-Path, "" or "<>" for none; undefined when the header is not there. */
  returnPath: string | undefined;
  subject: string;
  /** X-Failed-Recipients (Exim), "" when it is not there. */
  failed: string;
  text: string;
}

/** A bounce without a report, by who sent it and what it says; null when it is not one. */
export function freeBounce(mail: FreeMail): Bounce | null {
  if (!fromDaemon(mail)) return null;
  const said = beforeLetter(mail.text.slice(0, WINDOW));
  const reply = told(quotedReply(said), worded(said));
  if (!reply) return null;
  return {
    kind: 'bounce',
    form: 'text',
    recipient: recipientIn(mail.failed, said),
    reply,
    host: hostIn(said) || domainOf(mail.from),
  };
}

/** A quoted code without an enhanced status gets the one of the words next to it, if both are of the same class. */
function told(quoted: Reply | null, words: Reply | null): Reply | null {
  if (!quoted || !words || quoted.enhanced !== '') return quoted ?? words;
  return { ...quoted, enhanced: sameClass(String(quoted.code), words.enhanced) };
}

function fromDaemon({ from, fromName, returnPath, subject, failed }: FreeMail): boolean {
  if (failed !== '' || DAEMON.test(from)) return true;
  const nobody = returnPath !== undefined && /^<?>?$/.test(returnPath.trim());
  return SUBJECT.test(subject) && (nobody || DAEMON_NAME.test(fromName));
}

const LETTER =
  /^[-=_ ]{0,40}(?:below this line is a copy|this is a copy of|original message|the following is a copy|copy of the message|returned message|message headers follow|unsent message below|headers of the original|start of (?:the )?(?:original|returned) message|message d.origine|originalnachricht|mensaje original)|^(?:received|message-id|return-path|dkim-signature): /im;

/** The text before the copy of our own letter, whose words would be taken for the server's. */
function beforeLetter(text: string): string {
  const at = LETTER.exec(text)?.index ?? -1;
  // Some put the reason below the copy's headline and nothing above it.
  return at > 40 ? text.slice(0, at) : text;
}

const CODES =
  '421|432|450|451|452|454|455|458|459|471|500|501|502|503|504|510|511|512|521|523|530|531|533|534|535|538|541|550|551|552|553|554|555|556|557|571';
const QUOTED = new RegExp(
  `(?:^|[^\\w.@/-])(${CODES})(?:[ -]|: ?)#?(?:([45]\\.\\d{1,3}\\.\\d{1,3})(?![\\d.])[ :-]{0,3})?(?=[^\\s\\d]|\\d )`,
  'g',
);
const STATUS_ALONE = /(?:^|[\s(#[])([45])\.(\d{1,3})\.(\d{1,3})(?=[\s)\]:;,>]|$)/m;

/** The most severe reply the text quotes: a 5xx before a 4xx, because “tried for days (4xx), then refused (5xx)” is reported so. */
function quotedReply(said: string): Reply | null {
  const found: Reply[] = [];
  for (const match of said.matchAll(QUOTED)) {
    const from = match.index + match[0].length;
    const text = joined(said.slice(from, from + 400));
    found.push({ code: Number(match[1]), enhanced: sameClass(match[1], match[2]), text });
    if (found.length === 20) break;
  }
  const reply = found.find(({ code }) => code >= 500) ?? found[0];
  if (reply) return reply;
  const status = STATUS_ALONE.exec(said);
  if (!status) return null;
  // Its line and the one before: the rest is boilerplate.
  const line = said.lastIndexOf('\n', status.index);
  const start = line < 0 ? 0 : said.lastIndexOf('\n', line - 1) + 1;
  const text = joined(
    said
      .slice(start, start + 400)
      .split('\n', 3)
      .slice(0, 2)
      .join(' '),
  );
  return { code: status[1] === '4' ? 450 : 550, enhanced: status[0].replace(/^[^45]/, ''), text };
}

/** A reply that continues over several lines, up to the next paragraph. */
function joined(text: string): string {
  return (text.split(/\n[ \t]*\n/, 1)[0] ?? '').replace(/\s+/g, ' ').trim();
}

function sameClass(code: string | undefined, enhanced: string | undefined): string {
  return enhanced && enhanced[0] === code?.[0] ? enhanced : '';
}

function worded(said: string): Reply | null {
  for (const { words, code, enhanced } of bounceForms) {
    const found = words.exec(said);
    if (!found) continue;
    const start = said.lastIndexOf('\n', found.index) + 1;
    return { code, enhanced, text: joined(said.slice(start, start + 300)) };
  }
  return null;
}

const ADDRESS = /[^\s<>()[\]:;,"']{1,64}@[\w.-]{1,255}\.[a-z]{2,63}/gi;

/** For display only; no action is taken on an address found in a text. */
function recipientIn(failed: string, said: string): string {
  const named = failed.match(ADDRESS)?.[0];
  if (named) return named;
  for (const match of said.matchAll(ADDRESS)) {
    if (!DAEMON.test(match[0])) return match[0].replace(/\.$/, '');
  }
  return '';
}

function hostIn(said: string): string {
  return /(?:host|server|from|by) ([a-z\d-]{1,63}(?:\.[a-z\d-]{1,63}){1,8})(?:[ [(:]|$)/im.exec(said)?.[1] ?? '';
}
