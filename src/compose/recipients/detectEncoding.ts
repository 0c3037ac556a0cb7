import { analyse } from 'chardet';

/** A name that `TextDecoder` knows, lower case. */
export type Encoding = string;

export interface Detected {
  encoding: Encoding;
  /** False where another one is possible: it is said, so that a person can correct it. */
  sure: boolean;
  /** Some of the text as this encoding reads it. */
  example: string;
}

/** Read row by row: a row that is not UTF-8 in a list that is stands in the usual other encoding. */
export const FALLBACK = 'windows-1252';

export function byMark(bytes: Uint8Array): Encoding | null {
  const [a, b, c, d] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (b === 0 && d === 0 && a !== 0 && a !== undefined) return 'utf-16le';
  if (a === 0 && c === 0 && b !== 0 && b !== undefined) return 'utf-16be';
  return null;
}

/** A name as a person writes it, as `TextDecoder` has it; null when it knows none such. */
export function encodingNamed(written: string): Encoding | null {
  const plain = written.trim().toLowerCase();
  const names = [plain, plain.replace(/[\s_]+/g, '-'), aliases[plain.replace(/[^a-z0-9]/g, '')] ?? plain];
  for (const name of names) {
    try {
      return new TextDecoder(name).encoding;
    } catch {
      // Not this one.
    }
  }
  return null;
}

const aliases: Record<string, string> = {
  macroman: 'macintosh',
  mac: 'macintosh',
  ansi: 'windows-1252',
  latin1: 'windows-1252',
  latin2: 'iso-8859-2',
  cp1250: 'windows-1250',
  cp1251: 'windows-1251',
  cp1252: 'windows-1252',
  cp1253: 'windows-1253',
  cp1254: 'windows-1254',
  cp932: 'shift_jis',
  cp936: 'gbk',
  sjis: 'shift_jis',
  utf16: 'utf-16le',
};

/** Judges bytes that begin at or before the first one beyond ASCII; `whole` when they go to the end of the list. */
export function detectEncoding(bytes: Uint8Array, whole: boolean): Detected {
  const { good, bad } = utf8Lines(bytes, whole);
  if (bad === 0) return { encoding: 'utf-8', sure: true, example: '' };
  if (good > 0 && good * 4 >= bad) return { encoding: 'utf-8', sure: true, example: '' };
  const words = wordsBeyondAscii(bytes);
  const found = isolated(words) >= 0.6 ? westernOf(words) : otherOf(words);
  return { ...found, example: exampleOf(words, found.encoding) };
}

/** Lines beyond ASCII, well-formed UTF-8 or not. */
function utf8Lines(bytes: Uint8Array, whole: boolean): { good: number; bad: number } {
  let [good, bad] = [0, 0];
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(0x0a, from);
    const line = bytes.subarray(from, end < 0 ? bytes.length : end);
    from = end < 0 ? bytes.length : end + 1;
    if (!line.some((byte) => byte >= 0x80)) continue;
    try {
      decoder.decode(line, { stream: end < 0 && !whole });
      good++;
    } catch {
      bad++;
    }
  }
  return { good, bad };
}

/** Cells that hold anything beyond ASCII, at most some thousand bytes of them. */
function wordsBeyondAscii(bytes: Uint8Array): Uint8Array[] {
  const words: Uint8Array[] = [];
  let total = 0;
  for (let from = 0; from < bytes.length && total < 16_384; ) {
    let end = from;
    while (end < bytes.length && !isBreak(bytes[end] ?? 0)) end++;
    const word = bytes.subarray(from, end);
    if (word.some((byte) => byte >= 0x80)) {
      words.push(word);
      total += word.length;
    }
    from = end + 1;
  }
  return words;
}

/** Between cells: no byte of a longer character is one of these. */
export function isBreak(byte: number): boolean {
  return byte === 0x0a || byte === 0x0d || byte === 0x09 || byte === 0x2c || byte === 0x3b || byte === 0x22;
}

const isLetter = (byte: number | undefined) =>
  byte !== undefined && ((byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a));
const isLower = (byte: number | undefined) => byte !== undefined && byte >= 0x61 && byte <= 0x7a;

/** Share of the bytes beyond ASCII that stand alone, as accents do in the languages of western and central Europe. */
function isolated(words: readonly Uint8Array[]): number {
  let [all, alone] = [0, 0];
  for (const word of words)
    for (const [at, byte] of word.entries()) {
      if (byte < 0x80) continue;
      all++;
      if ((word[at - 1] ?? 0) < 0x80 && (word[at + 1] ?? 0) < 0x80) alone++;
    }
  return all === 0 ? 0 : alone / all;
}

/** Letters of Mac Roman that are signs in Windows-1252, and those of Windows-1250. */
const macLetters = new Set([0x87, 0x88, 0x89, 0x8d, 0x8e, 0x8f, 0x90, 0x91, 0x98, 0x9d]);
const centralUpper = new Set([0xa3, 0xa5, 0xaf]);
const centralLower = new Set([0xb3, 0xb9, 0xbf, 0x9c, 0x9f]);

function westernOf(words: readonly Uint8Array[]): Omit<Detected, 'example'> {
  let [mac, central, latin] = [0, 0, 0];
  for (const word of words)
    for (const [at, byte] of word.entries()) {
      const [before, after] = [word[at - 1], word[at + 1]];
      if (macLetters.has(byte) && isLower(before)) mac++;
      else if (centralUpper.has(byte) && isLower(after)) central++;
      else if (centralLower.has(byte) && isLetter(before) && (isLower(after) || (byte !== 0xb3 && byte !== 0xb9)))
        central++;
      else if (byte >= 0xc0 && (isLetter(before) || isLetter(after))) latin++;
    }
  if (mac > 0 && mac >= latin) return { encoding: 'macintosh', sure: false };
  const top = chardetOf(words);
  const isCentral = top?.name === 'windows-1250' || top?.name === 'ISO-8859-2';
  if (central > 0 && (central * 2 >= latin || isCentral)) return { encoding: 'windows-1250', sure: false };
  const other = top && top.confidence >= 50 ? known[top.name] : undefined;
  if (other && other !== FALLBACK) return { encoding: other, sure: false };
  return { encoding: FALLBACK, sure: latin > 0 };
}

/** Writing systems in which nearly every letter is beyond ASCII. */
function otherOf(words: readonly Uint8Array[]): Omit<Detected, 'example'> {
  const high = words.flatMap((word) => [...word].filter((byte) => byte >= 0x80));
  const upperHalf = high.filter((byte) => byte >= 0xc0 || byte === 0xa8 || byte === 0xb8).length / high.length;
  const top = chardetOf(words);
  if (upperHalf >= 0.9) {
    if (high.every((byte) => byte >= 0xe0 && byte <= 0xfa)) return { encoding: 'windows-1255', sure: false };
    const named = top && top.confidence >= 15 ? known[top.name] : undefined;
    if (named && singleByte.has(named)) return { encoding: named, sure: false };
    const lower = high.filter((byte) => byte >= 0xe0).length;
    return { encoding: lower * 2 >= high.length ? 'windows-1251' : 'koi8-r', sure: false };
  }
  const sure = top && top.confidence >= 40 ? known[top.name] : undefined;
  if (sure) return { encoding: sure, sure: false };
  const [best] = Object.entries(commonPairs)
    .map(([encoding, isCommon]) => ({ encoding, share: commonShare(words, encoding, isCommon) }))
    .sort((a, b) => b.share - a.share);
  if (best && best.share >= 0.6) return { encoding: best.encoding, sure: false };
  return { encoding: (top && known[top.name]) ?? FALLBACK, sure: false };
}

const singleByte = new Set(['windows-1251', 'koi8-r', 'iso-8859-5', 'windows-1253', 'windows-1255', 'windows-1256']);

/** What `chardet` calls them, as browsers read them. */
const known: Record<string, Encoding> = {
  'windows-1250': 'windows-1250',
  'windows-1251': 'windows-1251',
  'windows-1252': 'windows-1252',
  'windows-1253': 'windows-1253',
  'windows-1254': 'windows-1254',
  'windows-1255': 'windows-1255',
  'windows-1256': 'windows-1256',
  'ISO-8859-1': 'windows-1252',
  'ISO-8859-2': 'windows-1250',
  'ISO-8859-5': 'iso-8859-5',
  'ISO-8859-7': 'windows-1253',
  'ISO-8859-8': 'windows-1255',
  'ISO-8859-9': 'windows-1254',
  'KOI8-R': 'koi8-r',
  Shift_JIS: 'shift_jis',
  'EUC-JP': 'euc-jp',
  'EUC-KR': 'euc-kr',
  Big5: 'big5',
  GB18030: 'gb18030',
};

function chardetOf(words: readonly Uint8Array[]): { name: string; confidence: number } | undefined {
  const text = Buffer.concat(words.flatMap((word) => [word, Buffer.from(' ')]));
  return analyse(text).find(({ name }) => name in known);
}

type IsCommon = (lead: number, trail: number) => boolean;
const within = (byte: number, from: number, to: number) => byte >= from && byte <= to;

/** The most usual characters of each encoding, by their two bytes. */
const commonPairs: Record<string, IsCommon> = {
  gb18030: (lead, trail) => within(lead, 0xb0, 0xd7) && trail >= 0xa1,
  shift_jis: (lead, trail) =>
    (within(lead, 0x88, 0x97) && trail >= 0x40) ||
    (lead === 0x82 && within(trail, 0x9f, 0xf1)) ||
    (lead === 0x83 && within(trail, 0x40, 0x96)),
  big5: (lead, trail) => within(lead, 0xa4, 0xc6) && (within(trail, 0x40, 0x7e) || trail >= 0xa1),
  'euc-jp': (lead, trail) => (lead === 0xa4 || lead === 0xa5 || within(lead, 0xb0, 0xcf)) && trail >= 0xa1,
  'euc-kr': (lead, trail) => within(lead, 0xb0, 0xc8) && trail >= 0xa1,
};

/** Share of the characters that are usual ones; 0 when the bytes cannot be this encoding. */
function commonShare(words: readonly Uint8Array[], encoding: Encoding, isCommon: IsCommon): number {
  let [all, common] = [0, 0];
  const decoder = new TextDecoder(encoding, { fatal: true });
  for (const word of words) {
    try {
      decoder.decode(word);
    } catch {
      return 0;
    }
    for (let at = 0; at < word.length; at++) {
      const lead = word[at] ?? 0;
      if (lead < 0x80) continue;
      all++;
      if (isCommon(lead, word[++at] ?? 0)) common++;
    }
  }
  return all === 0 ? 0 : common / all;
}

function exampleOf(words: readonly Uint8Array[], encoding: Encoding): string {
  const word = words.find((candidate) => candidate.length < 60) ?? words[0]?.subarray(0, 40);
  return word ? new TextDecoder(encoding).decode(word).trim() : '';
}
