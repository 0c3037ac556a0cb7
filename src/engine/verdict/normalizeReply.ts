/** What the judge knows of a message besides the reply: whose names may be quoted in it. */
export interface Names {
  reader?: string;
  sender?: string;
}

/** Lists of addresses and of links, by the ends of the names they are asked under. */
const ADDRESS_LISTS =
  /(?:^|\.)(?:spamhaus\.(?:org|net|com)|spamcop\.net|barracudacentral\.org|sorbs\.net|abuseat\.org|uceprotect\.net|mailspike\.(?:net|org)|invaluement\.com|cloudmark\.com|cloudfilter\.net|senderscore\.(?:com|org|net)|proofpoint\.com|psbl\.org|surriel\.com|dnswl\.org|0spam\.org|nixspam\.net|manitu\.net|blocklist\.de|spamrats\.com|rbl\.[a-z.]+|dnsbl\.[a-z.]+|bl\.[a-z.]+)$/;
const LINK_LISTS =
  /(?:^|\.)(?:dbl\.spamhaus\.[a-z]+|(?:multi\.|[a-z]+\.)?uribl\.com|(?:multi\.)?surbl\.org|urired\.[a-z.]+)$/;

const TOP =
  /\.(?:com|net|org|info|biz|edu|gov|eu|fr|de|es|uk|it|nl|be|ch|at|ca|us|pt|pl|se|no|dk|fi|cz|ru|ua|jp|cn|br|mx|ar|au|nz|in|io|me|co|tv|fm|cloud|email|mail|online|example|invalid|test|local|localdomain|lan|internal)$/;

/**
 * A reply's text for rules that read its meaning: lower case, no accents, dashes as spaces; addresses, hosts, networks and
 * links are replaced by words for what they are, so that no rule is misled by a name ("spam@…", "full.example.net"). What
 * only points to an explanation ("see our blocklist policy at …") is left out.
 */
export function normalizeReply(text: string, names: Names = {}): string {
  return (
    unaccented(text)
      .replace(/\bhttps?:\/\/[^\s<>"')\]]{1,300}/g, (url) => ` ${linkWord(url)} `)
      .replace(/<?[^\s<>"'(),;:[\]]{1,64}@[^\s<>"'(),;:[\]]{1,255}>?/g, (address) => ` ${addressWord(address, names)} `)
      .replace(
        /\[?\b\d{1,3}(?:\.\d{1,3}){3}\b\]?|\[?\b(?:[0-9a-f]{1,4}:){1,7}[0-9a-f:]{0,30}:[0-9a-f]{1,4}\b\]?/g,
        ' ipaddress ',
      )
      .replace(/\b[a-z0-9](?:[a-z0-9-]{0,62}\.){1,8}[a-z]{2,24}\b/g, (name) => hostWord(name))
      // Another server's reply, quoted: its name means nothing.
      .replace(/\bhost ahost ?(?:ipaddress)?:? ?(?:said|replied):?/g, ' ')
      .replace(/[_\u2010-\u2015-]+/g, ' ')
      .replace(/\s+/g, ' ')
      .replace(
        /(?:\(|\bplease |\bpls )?\b(?:see|visit|refer to|read|consult|go to|check|more info(?:rmation)? (?:at|on|is at)|voir|consultez|siehe|mehr infos? unter|vea|consulte|vedi)\b[^.;]{0,60}? url\b\)?/g,
        ' ',
      )
      .replace(/\s+/g, ' ')
      .trim()
  );
}

function unaccented(text: string): string {
  return (
    text
      // "SubmissionQuotaExceededException" is a sentence.
      .replace(/\b(?:[A-Z][a-z]+){3,12}\b/g, (word) => word.replace(/(?<=[a-z])(?=[A-Z])/g, ' '))
      // UTF-8 that was read as Latin-1.
      .replace(/[\u00c2\u00c3][\u0080-\u00bf]/g, (pair) => Buffer.from(pair, 'latin1').toString('utf8'))
      .replace(/\u00df/g, 'ss')
      .normalize('NFKD')
      .replace(/[\u0300-\u036f\ufffd]/g, '')
      .replace(/[\u2018\u2019\u00b4`]/g, "'")
      .toLowerCase()
  );
}

function linkWord(url: string): string {
  const host = /^https?:\/\/([^/:?#]+)/.exec(url)?.[1] ?? '';
  if (LINK_LISTS.test(host)) return 'linklist';
  return ADDRESS_LISTS.test(host) ? 'blocklist' : 'url';
}

function addressWord(written: string, { reader, sender }: Names): string {
  const address = written.replace(/^<|>$/g, '');
  if (reader && address === reader.toLowerCase()) return 'thereader';
  if (sender && address === sender.toLowerCase()) return 'thesender';
  return 'anaddress';
}

function hostWord(name: string): string {
  if (LINK_LISTS.test(name)) return 'linklist';
  if (ADDRESS_LISTS.test(name)) return 'blocklist';
  // "unknown.please": a sentence without its space is no host.
  return TOP.test(name) ? 'ahost' : name.replace(/\./g, '. ');
}
