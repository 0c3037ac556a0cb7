import type { FromMailbox } from '../../protocol/mailboxMessages.ts';

type Check = (message: Record<string, unknown>) => boolean;

const isText = (value: unknown, most: number) => typeof value === 'string' && value.length <= most;

const checks: Record<FromMailbox['type'], Check> = {
  ready: () => true,
  open: ({ id }) => isText(id, 1000),
  openAttachment: ({ id, index }) => isText(id, 1000) && Number.isSafeInteger(index) && (index as number) >= 0,
  openLink: ({ url }) => isText(url, 8192),
  copy: ({ text }) => isText(text, 100_000_000),
  deleteAll: () => true,
};

/** Messages from the page are checked like any external input. */
export function isFromMailbox(message: unknown): message is FromMailbox {
  if (typeof message !== 'object' || message === null || !('type' in message)) return false;
  const { type } = message;
  if (typeof type !== 'string' || !Object.hasOwn(checks, type)) return false;
  return checks[type as FromMailbox['type']](message as unknown as Record<string, unknown>);
}
