import { escapeHtml } from '../liquid/safeHtml.ts';
import { layoutWords } from './layoutWords.ts';

export interface LayoutOptions {
  lang: string;
  /** Shown above the letter: the sender's name. */
  brand: string;
  accent: string;
  preheader: boolean;
  postalAddress: boolean;
  unsubscribe: boolean;
}

/** Where a layout inserts the letter. */
export const CONTENT = /\{\{-?\s*content\s*-?\}\}/;

export const DEFAULT_ACCENT = '#1f5fbf';

/** Width in pixels of the letter's column, and of the widest image in it. */
export const COLUMN = 600;
export const IMAGE_WIDTH = 536;

// Mail programs show the start of the body after a short preheader; these invisible characters push it out of sight.
const FILLER = '&#847;&zwnj;&nbsp;'.repeat(60);

/** The built-in layout as a template; `{{ content }}` is replaced by the letter. */
export function defaultLayout(options: LayoutOptions): string {
  const words = layoutWords(options.lang);
  const font = "-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";
  const footer = [
    options.unsubscribe ? escapeHtml(words.why) : '',
    options.postalAddress ? '{{ postal_address | newline_to_br }}' : '',
    options.unsubscribe ? `<a href="{{ unsubscribe_url }}">${escapeHtml(words.unsubscribe)}</a>` : '',
  ].filter((line) => line !== '');
  return `<!doctype html>
<html lang="${escapeHtml(options.lang)}" dir="${words.dir}" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="x-apple-disable-message-reformatting">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no, url=no">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{{ subject }}</title>
<!--[if mso]><xml><o:OfficeDocumentSettings><o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml><style>td,th,div,p,a,h1,h2,h3,h4,li{font-family:'Segoe UI',Arial,sans-serif;mso-line-height-rule:exactly}</style><![endif]-->
<style data-inline="only">${inlined(options.accent, font)}</style>
<style data-inline="layout">${kept(options.accent)}</style>
</head>
<body class="page">
${options.preheader ? `<div class="preheader">{{ preheader }}${FILLER}</div>\n` : ''}<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td class="gutter" align="center">
<!--[if mso]><table role="presentation" width="${COLUMN}" align="center" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->
<table role="presentation" class="column" width="100%" cellpadding="0" cellspacing="0" border="0">
${options.brand ? `<tr><td class="brand">${escapeHtml(options.brand)}</td></tr>\n` : ''}<tr><td class="card">
<div class="content" role="article" lang="${escapeHtml(options.lang)}">
{{ content }}
</div>
</td></tr>
${footer.length > 0 ? `<tr><td class="footer">${footer.map((line) => `<p>${line}</p>`).join('\n')}</td></tr>\n` : ''}</table>
<!--[if mso]></td></tr></table><![endif]-->
</td></tr></table>
</body>
</html>
`;
}

function inlined(accent: string, font: string): string {
  return `
body { margin: 0; padding: 0; width: 100%; -webkit-text-size-adjust: 100%; -ms-text-size-adjust: 100%; }
.page { background-color: #f2f3f5; }
.gutter { padding: 24px 12px 32px; }
.column { max-width: ${COLUMN}px; margin: 0 auto; }
.preheader { display: none; max-height: 0; max-width: 0; opacity: 0; overflow: hidden; font-size: 1px; line-height: 1px; mso-hide: all; }
.brand { padding: 0 32px 14px; font-family: ${font}; font-size: 13px; line-height: 20px; font-weight: 600; letter-spacing: 0.06em; text-transform: uppercase; color: #5b6470; }
.card { padding: 36px 32px 28px; background-color: #ffffff; border-radius: 10px; border-top: 4px solid ${accent}; }
.content { font-family: ${font}; font-size: 16px; line-height: 26px; color: #24292f; }
.content p { margin: 0 0 18px; }
.content h1 { margin: 0 0 20px; font-size: 28px; line-height: 35px; font-weight: 700; color: #14181d; letter-spacing: -0.01em; }
.content h2 { margin: 32px 0 12px; font-size: 20px; line-height: 28px; font-weight: 700; color: #14181d; }
.content h3, .content h4 { margin: 24px 0 8px; font-size: 16px; line-height: 24px; font-weight: 700; color: #14181d; }
.content a { color: ${accent}; text-decoration: underline; }
.content ul, .content ol { margin: 0 0 18px; padding: 0 0 0 24px; }
.content li { margin: 0 0 6px; }
.content li p { margin: 0 0 6px; }
.content img { max-width: 100%; height: auto; border: 0; border-radius: 6px; vertical-align: middle; }
.content blockquote { margin: 0 0 18px; padding: 2px 0 2px 18px; border-left: 3px solid ${accent}; color: #57606a; }
.content blockquote p { margin: 0 0 8px; }
.content hr { height: 1px; margin: 28px 0; border: 0; background-color: #dfe3e8; }
.content pre { margin: 0 0 18px; padding: 14px 16px; overflow: auto; background-color: #f2f3f5; border-radius: 6px; font-size: 14px; line-height: 21px; }
.content code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 14px; }
.content table:not([role]) { width: 100%; margin: 0 0 20px; border-collapse: collapse; font-size: 15px; line-height: 22px; }
.content table:not([role]) th { padding: 8px 10px; border-bottom: 2px solid ${accent}; text-align: left; font-weight: 600; color: #14181d; }
.content table:not([role]) td { padding: 9px 10px; border-bottom: 1px solid #dfe3e8; vertical-align: top; }
.content p.button { margin: 26px 0; }
.content p.button a { display: inline-block; padding: 12px 26px; background-color: ${accent}; border-radius: 6px; color: #ffffff; font-weight: 600; text-decoration: none; mso-padding-alt: 12px 26px; }
.footer { padding: 22px 32px 0; font-family: ${font}; font-size: 13px; line-height: 20px; color: #5b6470; }
.footer p { margin: 0 0 8px; }
.footer a { color: #5b6470; text-decoration: underline; }
`;
}

function kept(accent: string): string {
  const light = lighten(accent);
  return `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
a[x-apple-data-detectors] { color: inherit !important; text-decoration: inherit !important; }
@media (max-width: 520px) {
  .gutter { padding: 0 0 24px !important; }
  .card { padding: 26px 20px 18px !important; border-radius: 0 !important; }
  .brand { padding: 16px 20px 12px !important; }
  .footer { padding: 20px 20px 0 !important; }
  .content h1 { font-size: 25px !important; line-height: 32px !important; }
}
@media (prefers-color-scheme: dark) {
  .page { background-color: #15181c !important; }
  .card { background-color: #1f2429 !important; border-top-color: ${light} !important; }
  .content { color: #d7dde3 !important; }
  .content h1, .content h2, .content h3, .content h4, .content th { color: #f3f6f9 !important; }
  .content a { color: ${light} !important; }
  .content p.button a { color: #101418 !important; background-color: ${light} !important; }
  .content blockquote { color: #aab4be !important; border-left-color: ${light} !important; }
  .content hr { background-color: #39424b !important; }
  .content pre { background-color: #15181c !important; }
  .content td { border-bottom-color: #39424b !important; }
  .content th { border-bottom-color: ${light} !important; }
  .brand, .footer, .footer a { color: #9aa5b1 !important; }
}
`;
}

/** The accent mixed with white until it is readable on a dark background. */
function lighten(accent: string): string {
  const hex = accent.length === 4 ? accent.replace(/[0-9a-f]/gi, '$&$&') : accent;
  let channels = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  const luminance = (c: number[]) => 0.2126 * (c[0] ?? 0) + 0.7152 * (c[1] ?? 0) + 0.0722 * (c[2] ?? 0);
  while (luminance(channels) < 150)
    channels = channels.map((value) => Math.min(255, Math.ceil(value + (255 - value) * 0.12)));
  return `#${channels.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}
