import { editDistance } from '../../shared/editDistance.ts';

export type AddressHint =
  /** One letter away from the domain of a well-known provider. */
  | { kind: 'typo'; suggestion: string }
  /** Of a machine or a function: a person on duty reads it, or nobody. */
  | { kind: 'role' }
  /** Disposable: it exists for an hour or so. */
  | { kind: 'disposable' };

export interface HintedRow {
  line: number;
  /** Which of a letter's lists, from 0; absent for the first. */
  list?: number;
  address: string;
  hint: AddressHint;
}

const providers = `gmail.com googlemail.com yahoo.com yahoo.fr yahoo.de yahoo.es yahoo.it yahoo.co.uk hotmail.com hotmail.fr
  hotmail.de hotmail.es hotmail.it hotmail.co.uk outlook.com outlook.fr outlook.de icloud.com orange.fr wanadoo.fr laposte.net
  bluewin.ch skynet.be telenet.be t-online.de libero.it virgilio.it protonmail.com comcast.net verizon.net btinternet.com`;
/** Real domains that are one letter away from another. */
const real = new Set('mail.com email.com ymail.com gmail.de mail.de mail.fr mail.it hotmail.be gmx.com'.split(' '));
const wrongEndings = new Set('con cmo co cm om comm vom xom cpm ocm net.com'.split(' '));
/** As of 2026-11: the usual ones only; there are thousands, and new ones each day. */
const disposable = new Set(
  `mailinator.com guerrillamail.com guerrillamail.net sharklasers.com 10minutemail.com 10minutemail.net temp-mail.org
  tempmail.com yopmail.com yopmail.fr yopmail.net trashmail.com trashmail.de getnada.com maildrop.cc dispostable.com
  throwawaymail.com fakeinbox.com mytemp.email moakt.com emailondeck.com mohmal.com jetable.org spamgourmet.com
  mailnesia.com wegwerfmail.de einrot.com discard.email burnermail.io tempr.email`.split(/\s+/),
);
const roles = new Set(
  'noreply no-reply donotreply do-not-reply ne-pas-repondre abuse postmaster mailer-daemon'.split(' '),
);
/** Role addresses of an office or a team. */
const shared = new Set(
  `info infos information contact contacts sales office hello hi mail email support help helpdesk service team staff admin
  administration enquiries inquiries feedback marketing press media jobs careers hr billing accounts accounting orders shop
  reception webmaster accueil secretariat direction mairie commercial compta comptabilite facturation bonjour presse rh
  recrutement boutique commande commandes`.split(/\s+/),
);

/** Classifies the part before the @: an address of an office or a team, such as info@, or one that nobody reads. */
export function localKind(local: string): 'shared' | 'role' | null {
  const name = local.toLowerCase();
  return shared.has(name) ? 'shared' : roles.has(name) ? 'role' : null;
}

const known = new Map(providers.split(/\s+/).map((domain) => [domain, split(domain)]));

/** What is odd about a domain in lower case, or null. */
export function domainHint(domain: string): AddressHint | null {
  if (disposable.has(domain)) return { kind: 'disposable' };
  const suggestion = findTypo(domain);
  return suggestion === null ? null : { kind: 'typo', suggestion };
}

/** The known domain that is meant: its name is one letter off, or its ending does not exist. */
function findTypo(domain: string): string | null {
  if (known.has(domain) || real.has(domain)) return null;
  const [name, ending] = split(domain);
  for (const [candidate, [right, rightEnding]] of known) {
    if (name === right && wrongEndings.has(ending) && rightEnding === 'com') return candidate;
    if (
      ending === rightEnding &&
      right.length >= 5 &&
      Math.abs(name.length - right.length) <= 1 &&
      editDistance(name, right) === 1
    )
      return candidate;
  }
  return null;
}

function split(domain: string): [name: string, ending: string] {
  const at = domain.indexOf('.');
  return [domain.slice(0, at), domain.slice(at + 1)];
}
