import type { FromPreview, PreviewView } from '../../protocol/previewMessages.ts';

type Check = (message: Record<string, unknown>) => boolean;

const isNumber = (value: unknown) => typeof value === 'number' && Number.isFinite(value);
const isText = (value: unknown, most: number) => typeof value === 'string' && value.length <= most;
const isOneOf = (value: unknown, ...allowed: unknown[]) => allowed.includes(value);

const checks: Record<FromPreview['type'], Check> = {
  ready: ({ view }) => view === null || isPreviewView(view),
  step: ({ by }) => isOneOf(by, 1, -1),
  jump: ({ to }) => isOneOf(to, 'longest', 'blanks', 'invalid'),
  pickRecipient: () => true,
  source: ({ version }) => isNumber(version),
  scrolled: ({ line }) => isNumber(line),
  reveal: ({ line }) => isNumber(line),
  openProblem: ({ index }) => isNumber(index),
  openLink: ({ url }) => isText(url, 8192),
  openAttachment: ({ index }) => isNumber(index),
  allowImages: ({ allowed }) => typeof allowed === 'boolean',
  copy: ({ text }) => isText(text, 10_000_000),
  lock: ({ locked }) => typeof locked === 'boolean',
};

/** What arrives from a page is checked like anything from outside: types end at the pipe. */
export function isFromPreview(message: unknown): message is FromPreview {
  if (typeof message !== 'object' || message === null || !('type' in message)) return false;
  const { type } = message;
  if (typeof type !== 'string' || !Object.hasOwn(checks, type)) return false;
  return checks[type as FromPreview['type']](message as unknown as Record<string, unknown>);
}

export function isPreviewView(value: unknown): value is PreviewView {
  if (typeof value !== 'object' || value === null) return false;
  const view = value as Partial<Record<keyof PreviewView, unknown>>;
  return (
    isText(view.document, 4096) &&
    isNumber(view.index) &&
    isNumber(view.scroll) &&
    isOneOf(view.tab, 'html', 'text', 'source', 'attachments') &&
    isOneOf(view.width, 'desktop', 'tablet', 'phone') &&
    isOneOf(view.scheme, 'light', 'own', 'partial', 'full') &&
    typeof view.images === 'boolean' &&
    typeof view.problemsOpen === 'boolean' &&
    typeof view.inboxOpen === 'boolean' &&
    typeof view.locked === 'boolean'
  );
}
