import { format, msg, type Text } from './errors.ts';

/**
 * What may stand in a slot: one word; digits that are a figure; octets; one of a few words; anything; or
 * another detail, which is put into words itself.
 */
export type Slot = 'word' | 'figure' | 'octets' | readonly string[] | 'rest' | 'detail';

type Value<S> = S extends 'figure' | 'octets' ? number : string;

/** A template of what is kept in English, and what is in its slots. */
export interface FaultDetail<S extends readonly Slot[] = readonly Slot[]> {
  text: Text;
  slots: S;
}

function of<const S extends readonly Slot[]>(text: Text, ...slots: S): FaultDetail<S> {
  return { text, slots };
}

const RECORDS = ['A', 'AAAA', 'CNAME', 'MX', 'PTR', 'SOA', 'TLSA', 'TXT'] as const;

/**
 * What a fault's `detail` may say (`AttemptEnd`), by the step it goes wrong at. It is stored in English and read back
 * from that by `detailText`, for a person in any language: a template that changes is not recognized in what was stored
 * before. Of two that fit, the first counts.
 */
export const faultDetails = {
  stopped: of(msg('stopped')),
  givenUp: of(msg('given up')),
  engineEnded: of(msg('the engine ended before the reply')),
  silence: of(msg('nothing was heard from {0} for {1} s'), 'rest', 'figure'),

  noServer: of(msg('there is no server {0}'), 'rest'),
  noHost: of(msg('there is no host {0}'), 'word'),
  noDomain: of(msg('there is no domain {0}'), 'word'),
  noLiteral: of(msg('{0} is no address'), 'word'),
  noDomainName: of(msg('{0} is no domain name'), 'rest'),
  noAddress: of(msg('{0} has no address'), 'word'),
  noExchange: of(msg('the MX records of {0} name no host'), 'word'),
  nullMx: of(msg('{0} takes no mail (null MX)'), 'word'),
  impossibleAddresses: of(msg('{0} has only addresses no mail server can have: {1}'), 'word', 'rest'),
  thisMachine: of(msg('{0} is this machine'), 'word'),
  thisComputer: of(msg('{0} is this computer'), 'word'),
  policyForbids: of(msg('the security policy of {0} allows none of its mail servers'), 'word'),

  resolverDown: of(msg('no name server answers rightly: not even names that surely exist are found')),
  noNameServer: of(msg('no DNS server is known')),
  noDnsAnswer: of(msg('no answer from {0}'), 'word'),
  noDnsAnswerTcp: of(msg('no answer from {0} over TCP'), 'word'),
  dnsClosed: of(msg('{0} closed the connection'), 'word'),
  dnsAstray: of(msg('{0} answered another question'), 'word'),
  malformedDns: of(msg('malformed DNS message: {0}'), 'rest'),
  aliasCircle: of(msg('the aliases of {0} lead in a circle'), 'word'),
  tlsaUnknown: of(msg('TLSA of {0}: {1}'), 'word', 'detail'),
  question: of(msg('{0} {1}: {2}'), RECORDS, 'word', 'detail'),

  refused: of(msg('connection refused')),
  silent: of(msg('no answer')),
  nobody: of(msg('nobody answers on port {0}'), 'word'),
  noConnection: of(msg('no connection within {0} s'), 'figure'),
  portBlocked: of(msg('this network blocks port {0}: no mail server answers there'), 'word'),
  noReply: of(msg('no reply for {0} s'), 'figure'),
  noAnswer: of(msg('no answer for {0} s'), 'figure'),
  serverClosed: of(msg('the server closed the connection')),
  connectionClosed: of(msg('the connection was closed')),
  closedByUs: of(msg('the connection was closed by us')),
  isClosed: of(msg('the connection is closed')),
  brokeInContent: of(msg('the connection broke while the message was sent')),
  brokeBeforeReply: of(msg('the connection broke before the reply')),
  notCompleted: of(msg('the message was not completed')),
  serverClosing: of(msg('the server is closing')),
  sessionClosing: of(msg('the session is closing')),
  noMoreMessages: of(msg('the server takes no more messages over this connection')),
  serverLost: of(msg('the server lost its place')),
  earlyReply: of(msg('the server answered before the end of the content')),
  gateFailed: of(msg('the commit gate failed')),

  replyToNothing: of(msg('reply to nothing: {0}'), 'rest'),
  notAReply: of(msg('not a reply: {0}'), 'rest'),
  emptyReplyLine: of(msg('empty reply line')),
  replyLineTooLong: of(msg('reply line too long')),
  replyTooLong: of(msg('reply too long')),
  oddBdat: of(msg('BDAT answered with {0}'), 'rest'),
  oddData: of(msg('DATA answered with {0}'), 'rest'),
  oddReset: of(msg('RSET answered with {0}'), 'rest'),
  oddContent: of(msg('content answered with {0}'), 'rest'),
  dnsRefused: of(msg('{0} answered with {1}'), 'word', 'rest'),

  noEhlo: of(msg('the server does not know EHLO')),
  noStartTls: of(msg('the server does not offer STARTTLS')),
  dataBeforeTls: of(msg('data came between STARTTLS and the TLS handshake')),
  tlsStopped: of(msg('stopped during the TLS handshake')),
  tlsLost: of(msg('the connection was lost during the TLS handshake')),
  tlsClosed: of(msg('the server closed the connection during the TLS handshake')),
  tlsTooLong: of(msg('the TLS handshake took too long')),
  authoritiesUnusable: of(msg('the authorities cannot be used: {0}'), 'detail'),
  authorityUnreadable: of(msg('the certificate file cannot be read: {0}'), 'detail'),
  noPem: of(msg('no certificate in PEM form')),
  noCertificate: of(msg('the server sent no certificate')),
  otherCertificate: of(msg('the certificate does not match the TLSA records')),
  certificateDates: of(msg('the certificate has expired or is not valid yet')),
  authorityDates: of(msg("an authority's certificate has expired or is not valid yet")),
  certificateName: of(msg('the certificate is not for {0}'), 'word'),
  otherAuthority: of(msg('the certificate does not lead to an authority of the TLSA records')),

  noPassword: of(msg('no password is known for {0}'), 'rest'),
  plainPassword: of(msg('a password is never sent over an unencrypted connection')),
  endlessSignIn: of(msg('endless sign-in')),
  noSignIn: of(msg('the server offers no way to sign in')),
  otherSignIn: of(msg('the server offers only {0}'), 'rest'),

  badAddress: of(msg('the address holds characters no command may carry')),
  beyondAscii: of(msg('the server does not take addresses beyond ASCII (SMTPUTF8)')),
  /** Never said as it is stored: its sizes are put into words. */
  tooLarge: of({ template: '{0} bytes; the server takes {1}', args: [] }, 'octets', 'octets'),
} as const;

/** A fault's detail, as it is stored. */
export function detail<const S extends readonly Slot[]>(
  { text }: FaultDetail<S>,
  ...args: { [I in keyof S]: Value<S[I]> }
): string {
  return format({ template: text.template, args: args as readonly (string | number)[] }).trim();
}
