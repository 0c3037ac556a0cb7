import type { Text } from './errors.ts';

/** What came of one request to the page behind the unsubscribe link. */
export type PageAnswer =
  /** `location`: where it redirects, "" when it does not. */
  { kind: 'answered'; status: number; location: string } | { kind: 'unreachable'; detail: string };

/** How the unsubscribe link was tried, with a token that belongs to no reader. */
export interface UnsubscribeProof {
  /** GET, as a link scanner or a person does. */
  looked: PageAnswer;
  /** Absent when there is no secret: whoever can't fetch the token must not leave one. */
  clicked?: {
    /** POST, as a mail program does (RFC 8058). */
    answer: PageAnswer;
    home: TokenHome;
  };
}

/** Whether the token was among those that the endpoint hands to whoever has the secret. */
export type TokenHome =
  | { kind: 'fetched'; afterLooking: boolean; afterClicking: boolean }
  | { kind: 'refused'; text: Text };

/** What is tried: a link as in a letter, with `TOKEN_PLACE` where a reader's token stands. */
export interface UnsubscribeLink {
  link: string;
  /** What Envoi and the endpoint share; "" when it is not known. */
  secret: string;
}

export const TOKEN_PLACE = 'token-place-token-place-token-place-token-p';
