/** Something a letter may contain, and how it is recognized in the source. */
export interface Construct {
  /** Its name in caniemail's data (MIT, caniemail.com). */
  slug: string;
  /** As it is written. */
  name: string;
  pattern: RegExp;
  /** With this in the same rule, a program that does not support it shows an acceptable fallback. */
  unless?: RegExp;
}

/** A limit that no real letter reaches. */
const MOST = 2_000;

/** Where a construct stands in a text, one after the other. */
export function* occurrences({ pattern }: Construct, text: string): Generator<RegExpExecArray> {
  const all = new RegExp(pattern, 'gi');
  for (let left = MOST; left > 0; left--) {
    const found = all.exec(text);
    if (!found) return;
    yield found;
  }
}

const property = (slug: string, name: string, value = ''): Construct => ({
  slug,
  name,
  pattern: new RegExp(`(?<![\\w-])${name.split(':')[0]}\\s*:\\s*${value}`, 'i'),
});
const tag = (slug: string, name: string): Construct => ({
  slug,
  name: `<${name}>`,
  pattern: new RegExp(`<${name}(?=[\\s/>])`, 'i'),
});
const call = (slug: string, name: string, unless?: RegExp): Construct => ({
  ...(unless ? { unless } : {}),
  slug,
  name: `${name}()`,
  pattern: new RegExp(`(?<![\\w-])${name}\\(`, 'i'),
});

const COLOUR = /background-color\s{0,9}:/i;

/** Where a program that does not support it leaves a gap, or breaks the layout. */
export const constructs: readonly Construct[] = [
  property('css-display-flex', 'display:flex', '(?:inline-)?flex\\b'),
  property('css-display-grid', 'display:grid', '(?:inline-)?grid\\b'),
  property('css-position', 'position', '(?:absolute|fixed|relative|sticky)\\b'),
  property('css-gap', 'gap', '[\\d.]'),
  property('css-object-fit', 'object-fit'),
  property('css-transform', 'transform'),
  property('css-animation', 'animation'),
  property('css-filter', 'filter'),
  property('css-clip-path', 'clip-path'),
  { slug: 'css-background-image', name: 'background-image', pattern: /background(?:-image)?\s*:[^;"'}]*url\(/i },
  call('css-linear-gradient', 'linear-gradient', COLOUR),
  call('css-radial-gradient', 'radial-gradient', COLOUR),
  call('css-variables', 'var'),
  call('css-unit-calc', 'calc'),
  { slug: 'css-at-font-face', name: '@font-face', pattern: /@font-face\b/i },
  tag('html-video', 'video'),
  tag('html-audio', 'audio'),
  tag('html-form', 'form'),
  tag('html-svg', 'svg'),
  tag('html-dialog', 'dialog'),
  tag('html-select', 'select'),
  tag('html-textarea', 'textarea'),
];

/** Mail programs that are reported, by family and platform; the providers whose readers may well use one. */
export const clientNames: Readonly<Record<string, { name: string; providers: readonly string[] }>> = {
  'outlook/windows': { name: 'Outlook for Windows', providers: ['microsoft365', 'outlook'] },
  'outlook/outlook-com': { name: 'Outlook.com', providers: ['outlook'] },
  'outlook/macos': { name: 'Outlook for Mac', providers: ['microsoft365'] },
  'outlook/ios': { name: 'Outlook for iOS', providers: ['microsoft365', 'outlook'] },
  'outlook/android': { name: 'Outlook for Android', providers: ['microsoft365', 'outlook'] },
  'gmail/desktop-webmail': { name: 'Gmail', providers: ['google'] },
  'gmail/ios': { name: 'Gmail for iOS', providers: ['google'] },
  'gmail/android': { name: 'Gmail for Android', providers: ['google'] },
  'apple-mail/macos': { name: 'Apple Mail', providers: ['icloud'] },
  'apple-mail/ios': { name: 'Apple Mail for iOS', providers: ['icloud'] },
  'yahoo/desktop-webmail': { name: 'Yahoo Mail', providers: ['yahoo'] },
  'yahoo/android': { name: 'Yahoo Mail for Android', providers: ['yahoo'] },
  'samsung-email/android': { name: 'Samsung Email', providers: [] },
  'thunderbird/macos': { name: 'Thunderbird', providers: [] },
  'protonmail/desktop-webmail': { name: 'Proton Mail', providers: ['proton'] },
  'gmx/desktop-webmail': { name: 'GMX', providers: ['gmx'] },
  'web-de/desktop-webmail': { name: 'WEB.DE', providers: ['gmx'] },
  'orange/desktop-webmail': { name: 'Orange', providers: ['orange'] },
  'laposte/desktop-webmail': { name: 'La Poste', providers: ['laposte'] },
  'free-fr/desktop-webmail': { name: 'Free', providers: ['free'] },
};
