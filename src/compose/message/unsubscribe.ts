import { createContext, createProgram } from '../liquid/program.ts';
import type { Newsletter } from '../newsletter.ts';
import type { Values } from './values.ts';

export interface UnsubscribeWays {
  /** For the letter's own link: the web address, or else the mailto. "" when there is none. */
  link: string;
  /** Value of List-Unsubscribe (RFC 2369), or "". */
  header: string;
  /** Whether List-Unsubscribe-Post may be there: only with an https URL (RFC 8058). */
  oneClick: boolean;
}

/** Renders the ways out of the list. Values in a URL are percent-encoded. */
export function createUnsubscribe(
  setting: Newsletter['unsubscribe'],
): (values: Values, token: string) => UnsubscribeWays {
  const urlProgram = createProgram(setting.url.trim(), 'url');
  const mailProgram = createProgram(setting.mailto.trim().replace(/^mailto:/i, ''), 'url');
  return (values, token) => {
    const scope: Values = Object.assign(Object.create(null), values, { token });
    const url = setting.url ? asUrl(urlProgram.render(createContext('url', scope)).join('')) : '';
    const address = setting.mailto ? mailProgram.render(createContext('url', scope)).join('') : '';
    const mailto =
      address && asUrl(`mailto:${address}${address.includes('?') ? '' : `?subject=unsubscribe%20${token}`}`);
    return {
      link: url || mailto,
      header: [url, mailto]
        .filter((way) => way !== '')
        .map((way) => `<${way}>`)
        .join(', '),
      oneClick: url.startsWith('https://'),
    };
  };
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
