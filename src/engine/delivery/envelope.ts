import { detail, faultDetails } from '../../shared/faultDetails.ts';
import type { AttemptEnd } from '../../shared/outcome.ts';
import type { Outgoing } from '../../shared/transport.ts';
import { fault } from './attemptEnd.ts';
import { isEightBit } from './dotStuff.ts';
import type { Extensions } from './extensions.ts';

/** MAIL, RCPT and DATA, each with its line end. */
export type EnvelopeLines = readonly [mail: string, rcpt: string, data: string];

/** Why an envelope is refused before anything is sent to the server, or null. */
export function refuseLocally(message: Outgoing, extensions: Extensions): AttemptEnd | null {
  for (const address of [message.from, message.to]) {
    if (!isWireSafe(address)) return fault('mail', 'badAddress', detail(faultDetails.badAddress));
    if (!isAscii(address) && !extensions.smtpUtf8) {
      return fault('mail', 'smtputf8', detail(faultDetails.beyondAscii));
    }
  }
  const { max } = extensions.size;
  if (message.bytes.length > max) {
    return fault('mail', 'tooLarge', detail(faultDetails.tooLarge, message.bytes.length, max));
  }
  return null;
}

/** Parameters go only to servers that offered them: SIZE (RFC 1870), BODY (RFC 6152), SMTPUTF8 (RFC 6531). */
export function envelopeLines({ from, to, bytes }: Outgoing, extensions: Extensions): EnvelopeLines {
  let mail = `MAIL FROM:<${from}>`;
  if (extensions.size.offered) mail += ` SIZE=${bytes.length}`;
  if (extensions.eightBitMime && isEightBit(bytes)) mail += ' BODY=8BITMIME';
  if (extensions.smtpUtf8 && !(isAscii(from) && isAscii(to))) mail += ' SMTPUTF8';
  return [`${mail}\r\n`, `RCPT TO:<${to}>\r\n`, 'DATA\r\n'];
}

/** No control characters anywhere, and none of ` <>` outside a quoted local part: nothing can end the command early. */
export function isWireSafe(address: string): boolean {
  return /^(?:"(?:[^"\\\u0000-\u001f\u007f]|\\[^\u0000-\u001f\u007f])*"@)?[^\u0000-\u0020\u007f<>"]*$/.test(address);
}

function isAscii(text: string): boolean {
  return /^[\u0000-\u007f]*$/.test(text);
}
