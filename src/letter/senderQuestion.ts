import { createUnsubscribe } from '../compose/message/unsubscribe.ts';
import { fileOf, listName } from '../compose/recipients/eachList.ts';
import type { ListProfile } from '../compose/recipients/listProfile.ts';
import { providerOfId } from '../providers/lookup.ts';
import type { ListDomain, SenderQuestion } from '../shared/evidence.ts';
import type { Settings } from '../shared/settings.ts';
import { TOKEN_PLACE } from '../shared/unsubscribeProof.ts';
import { senderAddress } from './checks/senderAddress.ts';
import type { Letter, LetterList } from './letter.ts';

/** Providers whose servers stand for the list's largest ones. */
const LARGEST = 3;

/** What the network is asked about a letter's sender; null while no address is written that could be asked about. */
export function senderQuestion({ document, newsletter, settings, list }: Letter<LetterList>): SenderQuestion | null {
  const from = senderAddress({ document, newsletter, settings });
  if (from === '') return null;
  const providers = list?.profile?.providers ?? {};
  const link = linkOf(settings.unsubscribe);
  const newsletterKind = document.frontMatter.kind !== 'internal';
  const largest = Object.entries(providers).sort(([, a], [, b]) => b - a);
  return {
    from,
    settings,
    recipients: list?.profile?.count ?? 0,
    providers,
    domains: largest.slice(0, LARGEST).flatMap(([id]) => providerOfId(id)?.domains[0]?.replace('.*', '.com') ?? []),
    ...(list?.profile ? { listDomains: domainsOf(list.profile) } : {}),
    newsletter: newsletterKind,
    ...(newsletterKind && link !== '' ? { unsubscribe: { link, secret: '' } } : {}),
    only: [],
  };
}

/** The link of a letter with a place for the token; "" where it is shared by all readers, which nobody must try. */
function linkOf({ url }: Settings['unsubscribe']): string {
  try {
    const values = Object.assign(Object.create(null), { token: TOKEN_PLACE });
    const { link } = createUnsubscribe({ url, mailto: '' })(values, TOKEN_PLACE, '');
    return link.includes(TOKEN_PLACE) ? link : '';
  } catch {
    // Invalid Liquid; another finding reports it.
    return '';
  }
}

function domainsOf(profile: ListProfile): NonNullable<SenderQuestion['listDomains']> {
  const asked = profile.mailDomains.rows.map((row): ListDomain => {
    const file = fileOf(profile, row);
    return { domain: row.domain, count: row.count, file, line: row.line, where: `${listName(file)}:${row.line}` };
  });
  return { asked, more: profile.mailDomains.more };
}
