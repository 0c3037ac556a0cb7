import { msg } from '../shared/errors.ts';
import type { EvidenceItem, EvidenceState, SenderQuestion } from '../shared/evidence.ts';
import type { PageAnswer, TokenHome } from '../shared/unsubscribeProof.ts';
import { item } from './item.ts';
import type { EvidencePorts } from './ports.ts';

/** Whether a reader who clicks the link is unsubscribed, and nobody who merely opens it (RFC 8058). */
export async function unsubscribeItems(
  { unsubscribe }: SenderQuestion,
  { proveUnsubscribe, dnsWorks }: Pick<EvidencePorts, 'proveUnsubscribe' | 'dnsWorks'>,
  signal: AbortSignal,
): Promise<EvidenceItem[]> {
  if (!unsubscribe) return [];
  const { looked, clicked } = await proveUnsubscribe(unsubscribe, signal);
  if (looked.kind === 'unreachable' && (!clicked || clicked.answer.kind === 'unreachable')) {
    const online = await dnsWorks();
    return [unreachable(looked.detail, online ? 'failed' : 'unasked')];
  }
  return [lookedItem(looked), ...(clicked ? [clickedItem(clicked.answer), ...homeItems(clicked.home)] : [untried])];
}

const CODE = 'unsubscribeWay';

const untried = item(
  CODE,
  'unasked',
  msg('What a click does was not tested: Envoi does not know the secret of this endpoint (ENVOI_ENDPOINT_SECRET).'),
);

function unreachable(detail: string, state: EvidenceState): EvidenceItem {
  return state === 'failed'
    ? item(CODE, state, msg('The page behind the unsubscribe link cannot be reached.'), detail)
    : item(
        CODE,
        state,
        msg('The page behind the unsubscribe link could not be checked: this computer has no network.'),
      );
}

function lookedItem(answer: PageAnswer): EvidenceItem {
  const found = foundOf('GET', answer);
  if (answer.kind === 'answered' && answer.status < 400)
    return item(CODE, 'passed', msg('The page behind the link responds.'), found);
  return item(CODE, 'failed', msg('Readers who follow the link see an error instead of a page.'), found);
}

function clickedItem(answer: PageAnswer): EvidenceItem {
  const found = foundOf('POST', answer);
  if (answer.kind === 'unreachable') return item(CODE, 'failed', msg('One-click unsubscribe gets no response.'), found);
  const { status } = answer;
  if (status >= 200 && status < 300) return item(CODE, 'passed', msg('One-click unsubscribe is accepted.'), found);
  if (status >= 300 && status < 400) {
    const text = msg(
      'The page redirects one-click unsubscribe requests, which RFC 8058 forbids: mail programs give up there.',
    );
    return item(CODE, 'failed', text, found);
  }
  return item(CODE, 'failed', msg('One-click unsubscribe is rejected.'), found);
}

function homeItems(home: TokenHome): EvidenceItem[] {
  if (home.kind === 'refused') return [item(CODE, 'failed', home.text)];
  const { afterLooking, afterClicking } = home;
  const looking = afterLooking
    ? item(
        CODE,
        'failed',
        msg('Merely opening the page unsubscribes the reader: link scanners would remove readers from the list.'),
      )
    : item(CODE, 'passed', msg('Opening the page does not unsubscribe anyone.'));
  const clicking = afterClicking
    ? item(CODE, 'passed', msg('Envoi fetched the token of its own click and recognized it. It belongs to no reader.'))
    : item(CODE, 'failed', msg('Envoi’s own click did not come back from the endpoint: unsubscribes are lost there.'));
  return [looking, clicking];
}

function foundOf(method: 'GET' | 'POST', answer: PageAnswer): string {
  if (answer.kind === 'unreachable') return `${method}: ${answer.detail}`;
  return `${method}: ${answer.status}${answer.location === '' ? '' : ` → ${answer.location}`}`;
}
