import type { FromPreview, PreviewView } from '../../protocol/previewMessages.ts';
import { fields, finite, fits, flag, nullable, oneOf, type Shape, text, variants } from '../../protocol/shape.ts';

const view: Shape<PreviewView> = fields({
  document: text(4096),
  index: finite,
  tab: oneOf('html', 'text', 'source', 'attachments'),
  width: oneOf('desktop', 'tablet', 'phone'),
  scheme: oneOf('light', 'own', 'partial', 'full'),
  scroll: finite,
  images: flag,
  problemsOpen: flag,
  inboxOpen: flag,
  locked: flag,
});

const message = variants<FromPreview>({
  ready: fields({ view: nullable(view) }),
  step: fields({ by: oneOf(1, -1) }),
  jump: fields({ to: oneOf('longest', 'blanks', 'invalid') }),
  pickRecipient: fields({}),
  source: fields({ version: finite }),
  scrolled: fields({ line: finite }),
  reveal: fields({ line: finite }),
  openProblem: fields({ index: finite }),
  openLink: fields({ url: text(8192) }),
  openAttachment: fields({ index: finite }),
  allowImages: fields({ allowed: flag }),
  copy: fields({ text: text(10_000_000) }),
  lock: fields({ locked: flag }),
});

/** Messages from a page are checked like any external input: types end at the pipe. */
export const isFromPreview = (value: unknown): value is FromPreview => fits(message, value);

export const isPreviewView = (value: unknown): value is PreviewView => fits(view, value);
