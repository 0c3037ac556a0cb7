import { DIRECT, type Security } from '../../shared/settings.ts';
import type { OfferedService } from './services.ts';

/** A server as it stands in settings.json. */
export interface ServerEntry {
  host: string;
  port: number;
  security: Security;
  user?: string;
  auth?: 'password' | 'oauth2' | 'none';
  maxConnections?: number;
  rate?: string;
  quota?: readonly string[];
}

export interface ServerAnswers {
  name: string;
  host: string;
  port: number;
  security: Security;
  user: string;
  auth: 'password' | 'oauth2' | 'none';
  service: OfferedService | null;
}

/** Only what differs from the defaults, so that settings.json stays short. */
export function entryOf(answers: ServerAnswers): ServerEntry {
  const { host, port, security, user, auth, service } = answers;
  const limits = service?.limits;
  return {
    host,
    port,
    security,
    ...(user ? { user } : {}),
    ...(auth === (user ? 'password' : 'none') ? {} : { auth }),
    ...(limits?.maxConnections ? { maxConnections: limits.maxConnections } : {}),
    ...(limits?.rate ? { rate: limits.rate } : {}),
    ...(limits?.quota ? { quota: limits.quota } : {}),
  };
}

/** What a server or a mailbox may be called in the settings. */
export function hasNameForm(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$/.test(name);
}

/** `smtp.example.org`, `smtp.example.org:465` or `[::1]:2525`; null when it is neither. */
export function parseHostPort(text: string): { host: string; port: number | null } | null {
  const match = /^\s*(?:\[([0-9a-fA-F:]+)\]|([A-Za-z0-9][A-Za-z0-9.-]*))(?::(\d{1,5}))?\s*$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  if (!match || host === undefined) return null;
  const port = match[3] === undefined ? null : Number(match[3]);
  return port !== null && (port < 1 || port > 65535) ? null : { host: host.toLowerCase(), port };
}

/** What a port usually means. */
export function securityOfPort(port: number): Security {
  return port === 465 ? 'tls' : 'starttls';
}

/** A short free name from the host: `smtp.example.org` → `example`. */
export function proposeName(service: OfferedService | null, host: string, taken: readonly string[]): string {
  const labels = host.split('.').filter((label) => !/^(?:smtp|mail|relay|send|out|www)\d*$/.test(label));
  const base = (service?.id ?? (/^[\d.:]+$/.test(host) ? 'local' : labels[0])) || 'server';
  const used = [...taken, DIRECT];
  if (!used.includes(base)) return base;
  for (let n = 2; ; n++) if (!used.includes(`${base}${n}`)) return `${base}${n}`;
}
