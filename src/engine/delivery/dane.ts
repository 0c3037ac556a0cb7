import { createHash, X509Certificate } from 'node:crypto';
import type { RecordTypes } from '../../shared/dns.ts';
import { detail, faultDetails } from '../../shared/faultDetails.ts';

export type Tlsa = RecordTypes['TLSA'];

/**
 * The records an SMTP client may use (RFC 7672 3.1): DANE-TA(2) and DANE-EE(3), whole certificate or public key, as
 * they are or hashed. The PKIX usages do not apply to SMTP.
 */
export function usableTlsa(records: readonly Tlsa[]): Tlsa[] {
  return records.filter(
    ({ usage, selector, matching, data }) =>
      (usage === 2 || usage === 3) &&
      (selector === 0 || selector === 1) &&
      ((matching === 0 && data.length > 0) ||
        (matching === 1 && data.length === 32) ||
        (matching === 2 && data.length === 64)),
  );
}

/**
 * Whether the chain, leaf first (DER), fulfils one of the records: "" or what is wrong. A DANE-EE record binds the key
 * alone, so names and dates do not count (RFC 7672 3.1.1). A DANE-TA record names the authority: the chain must lead to
 * it, every certificate be within its dates, and the leaf carry one of `names`.
 */
export function judgeChain(
  chain: readonly Buffer[],
  records: readonly Tlsa[],
  names: readonly string[],
  now: number,
): string {
  const [leaf, ...issuers] = chain.map((der) => new X509Certificate(der));
  if (!leaf) return detail(faultDetails.noCertificate);
  const usable = usableTlsa(records);
  if (usable.some((record) => record.usage === 3 && matches(leaf, record))) return '';
  const authorities = usable.filter((record) => record.usage === 2);
  if (authorities.length === 0) return detail(faultDetails.otherCertificate);
  let below = leaf;
  if (!inDate(leaf, now)) return detail(faultDetails.certificateDates);
  for (const issuer of issuers) {
    if (!below.checkIssued(issuer) || !below.verify(issuer.publicKey) || !issuer.ca) break;
    if (!inDate(issuer, now)) return detail(faultDetails.authorityDates);
    if (authorities.some((record) => matches(issuer, record))) {
      return names.some((name) => leaf.checkHost(name) !== undefined)
        ? ''
        : detail(faultDetails.certificateName, names[0] ?? '');
    }
    below = issuer;
  }
  return detail(faultDetails.otherAuthority);
}

function matches(certificate: X509Certificate, { selector, matching, data }: Tlsa): boolean {
  const content = selector === 0 ? certificate.raw : certificate.publicKey.export({ type: 'spki', format: 'der' });
  if (matching === 0) return content.equals(data);
  return createHash(matching === 1 ? 'sha256' : 'sha512')
    .update(content)
    .digest()
    .equals(data);
}

function inDate(certificate: X509Certificate, now: number): boolean {
  return Date.parse(certificate.validFrom) <= now && now <= Date.parse(certificate.validTo);
}
