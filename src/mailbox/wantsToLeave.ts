import type { Returned } from './returned.ts';

const WISH =
  /^(?:re: ?)?(?:please )?(?:unsubscribe|remove(?: me)?|leave|opt[ -]?out|désabonne(?:r|ment|z)|désinscri(?:re|ption|vez)|abmelden|abbestellen|darse de baja|cancelar suscripción|disiscrivi(?:mi)?|afmelden|cancelar)\b/i;

interface LeaveMail {
  subject: string;
  text: string;
  from: string;
  /** Authentication-Results, topmost first. */
  results: readonly string[];
}

/** A mail whose subject, or whose first words where it has none, ask to unsubscribe; null when they do not. */
export function wantsToLeave(mail: LeaveMail, { authServer }: { authServer: string }): Returned | null {
  const subject = mail.subject.trim().slice(0, 200);
  const first = mail.text.trim().slice(0, 200);
  if (!WISH.test(subject) && !(subject === '' && WISH.test(first))) return null;
  return { kind: 'leave', from: mail.from, proven: vouchedFor(mail, authServer) };
}

/** Only what the mailbox's own server wrote counts, and it strips forged fields with its name (RFC 8601, 5). */
function vouchedFor({ from, results }: LeaveMail, authServer: string): boolean {
  if (authServer === '') return false;
  const own = results.find(
    (line) => line.slice(0, 300).split(/[\s;]/, 1)[0]?.toLowerCase() === authServer.toLowerCase(),
  );
  if (!own) return false;
  const domain = from.slice(from.lastIndexOf('@') + 1).toLowerCase();
  const line = own.slice(0, 5_000).toLowerCase();
  const dmarc = /\bdmarc=pass\b[^;]{0,300}\bheader\.from=([\w.-]{1,255})/.exec(line)?.[1];
  const dkim = /\bdkim=pass\b[^;]{0,300}\bheader\.(?:d|i)=@?([\w.-]{1,255})/.exec(line)?.[1];
  return dmarc === domain || dkim === domain;
}
