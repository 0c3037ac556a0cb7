import { analyzeLiquid } from '../liquid/analysis.ts';
import { fieldName } from '../liquid/fieldName.ts';
import { createProgram } from '../liquid/program.ts';
import type { Newsletter } from '../newsletter.ts';
import type { Values } from './values.ts';

export interface UnsubscribeWays {
  /** For the letter's own link: the web address, or else the mailto. "" when there is none. */
  link: string;
  /** Value of List-Unsubscribe (RFC 2369), or "". */
  header: string;
  /**
   * Whether List-Unsubscribe-Post may be sent: only with an https URL unique to the reader (RFC 8058). A click
   * on one that all share would unsubscribe nobody, or everybody; one with the address could be forged by anybody.
   */
  oneClick: boolean;
}

/** Renders the unsubscribe links; `token` is among the values. Values in a URL are percent-encoded. */
export function createUnsubscribe(
  setting: Newsletter['unsubscribe'],
): (values: Values, token: string, address: string) => UnsubscribeWays {
  const urlProgram = createProgram(setting.url.trim(), 'url');
  const mailProgram = createProgram(setting.mailto.trim().replace(/^mailto:/i, ''), 'url');
  return (values, token, reader) => {
    const urlFor = (own: Values) => (setting.url ? asUrl(urlProgram.render(own).join('')) : '');
    const url = urlFor(values);
    const address = setting.mailto ? mailProgram.render(values).join('') : '';
    const mailto =
      address && asUrl(`mailto:${address}${address.includes('?') ? '' : `?subject=unsubscribe%20${token}`}`);
    return {
      link: url || mailto,
      header: [url, mailto]
        .filter((way) => way !== '')
        .map((way) => `<${way}>`)
        .join(', '),
      oneClick:
        url.startsWith('https://') &&
        (url.includes(token) || url !== urlFor(Object.assign(Object.create(null), values, { token: OTHER_TOKEN }))) &&
        !holdsAddress(url, reader),
    };
  };
}

const OTHER_TOKEN = 'another-readers-token-another-readers-token';
const PROBE = 'probe.reader@envoi.invalid';

/**
 * Why a template for the web address gets no one-click header: all readers would share it, or it contains the reader's
 * address, which is in the columns `addressNames`. Null when nothing prevents it, or it is not valid Liquid.
 */
export function oneClickHindrance(template: string, addressNames: readonly string[]): 'shared' | 'address' | null {
  const analysis = analyzeLiquid(template, 'url', { file: '', line: 1, column: 1 }, null);
  if (!analysis.ok) return null;
  const program = createProgram(template.trim(), 'url');
  const fill = (token: string) => {
    const values: Values = Object.create(null);
    for (const name of analysis.names) values[name] = addressNames.includes(fieldName(name)) ? PROBE : 'x';
    return program.render(Object.assign(values, { token })).join('');
  };
  const one = fill('one-readers-token');
  if (holdsAddress(one, PROBE)) return 'address';
  return one === fill(OTHER_TOKEN) ? 'shared' : null;
}

/** As it is, percent-encoded once or twice, or in base64, which hides nothing. */
function holdsAddress(url: string, address: string): boolean {
  if (address === '') return false;
  const wanted = address.toLowerCase();
  const base64 = Buffer.from(address).toString('base64').replace(/=+$/, '');
  let text = url;
  for (let round = 0; round < 3; round++) {
    if (text.toLowerCase().includes(wanted) || text.includes(base64)) return true;
    if (!text.includes('%')) return false;
    try {
      text = decodeURIComponent(text);
    } catch {
      return false;
    }
  }
  return false;
}

/** ASCII without spaces and angle brackets, so that it fits between two of them. */
function asUrl(written: string): string {
  if (/^[!#-;=?-~]+$/.test(written)) return written;
  try {
    return new URL(written).href.replace(/[<>" ]/g, (char) => encodeURIComponent(char));
  } catch {
    return '';
  }
}
