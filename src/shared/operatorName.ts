/** Second labels under which countries register names: "example.co.uk" is one name, and "co.uk" nobody's. */
const SECOND = /^(?:co|com|org|net|gov|gouv|gob|govt|ac|edu|ne|or|go|ltd|plc|sch|nhs|id|web|nom|asso|tm|mil)$/;

/** The operator of a host, by its registered domain: "mx1.mail.example.co.uk" belongs to example.co.uk. */
export function operatorName(host: string): string {
  const name = host.toLowerCase().replace(/\.$/, '');
  // An address as it is, or in brackets.
  if (name.includes(':') || /^\[?[\d.]+\]?$/.test(name)) return host;
  const labels = name.split('.');
  const country = labels.at(-1)?.length === 2;
  const kept = country && labels.length > 2 && SECOND.test(labels.at(-2) ?? '') ? 3 : 2;
  return labels.slice(-kept).join('.');
}
