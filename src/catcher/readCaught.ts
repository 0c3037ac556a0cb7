import PostalMime, { type Address } from 'postal-mime';

/** A caught letter in a list. */
export interface CaughtLine {
  /** File name; later ones sort after earlier ones. */
  id: string;
  from: string;
  to: string;
  subject: string;
  /** Epoch ms, of its Date; 0 when it has none. */
  date: number;
}

export interface CaughtLetter extends CaughtLine {
  fromName: string;
  fromAddress: string;
  html: string;
  text: string;
  source: string;
  /** Pictures that the HTML names by `cid:`. */
  images: readonly { cid: string; mime: string; bytes: Uint8Array }[];
  attachments: readonly { name: string; mime: string; bytes: Uint8Array }[];
}

/** Only what a list of letters shows; the body is not read. */
export async function readCaughtLine(id: string, bytes: Uint8Array): Promise<CaughtLine> {
  const end = Buffer.from(bytes).indexOf('\r\n\r\n');
  return lineOf(id, await PostalMime.parse(end < 0 ? bytes : bytes.subarray(0, end + 4)));
}

/** The whole letter, parsed as a mail program does it. */
export async function readCaught(id: string, bytes: Uint8Array): Promise<CaughtLetter> {
  const mail = await PostalMime.parse(bytes, { attachmentEncoding: 'arraybuffer' });
  const parts = mail.attachments.map((part) => ({
    cid: part.contentId?.replace(/^<|>$/g, '') ?? '',
    isInline: part.disposition !== 'attachment' && part.contentId !== undefined,
    name: part.filename ?? part.mimeType,
    mime: part.mimeType,
    bytes: new Uint8Array(part.content as ArrayBuffer),
  }));
  return {
    ...lineOf(id, mail),
    fromName: mail.from?.name ?? '',
    fromAddress: mail.from?.address ?? '',
    html: mail.html ?? '',
    text: mail.text ?? '',
    source: Buffer.from(bytes).toString('utf8').replaceAll('\r\n', '\n'),
    images: parts
      .filter(({ isInline }) => isInline)
      .map(({ cid, mime, bytes: content }) => ({ cid, mime, bytes: content })),
    attachments: parts
      .filter(({ isInline }) => !isInline)
      .map(({ name, mime, bytes: content }) => ({ name, mime, bytes: content })),
  };
}

function lineOf(
  id: string,
  mail: {
    from?: Address | undefined;
    to?: Address[] | undefined;
    subject?: string | undefined;
    date?: string | undefined;
  },
): CaughtLine {
  const date = Date.parse(mail.date ?? '');
  return {
    id,
    from: mail.from?.name || mail.from?.address || '',
    to: mail.to?.map(({ name, address }) => (name ? `${name} <${address ?? ''}>` : (address ?? ''))).join(', ') ?? '',
    subject: mail.subject ?? '',
    date: Number.isFinite(date) ? date : 0,
  };
}
