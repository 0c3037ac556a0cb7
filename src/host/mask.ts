/** An address in the form allowed in the log: `a***@example.org`. */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return at < 1 ? address : `${address.slice(0, 1)}***${address.slice(at)}`;
}

/** Masks every address in a text, such as a server's reply. */
export function maskAddresses(text: string): string {
  return text.slice(0, 10_000).replace(/[^\s<>"'(),;:]+@[^\s<>"'(),;:]+/g, maskAddress);
}
