import { submissions } from '../../providers/lookup.ts';
import type { Submission } from '../../providers/provider.ts';

/** A provider the wizard offers: those Envoi knows carry limits and hints, the well-known others only host and port. */
export type OfferedService = Pick<Submission, 'label' | 'host' | 'port' | 'security' | 'auth'> & Partial<Submission>;

interface WellKnown {
  description?: string | undefined;
  host?: string | undefined;
  /** Some are written as text. */
  port?: number | string | undefined;
  secure?: boolean | undefined;
}

export async function knownServices(): Promise<{
  presets: readonly OfferedService[];
  others: readonly OfferedService[];
}> {
  const module = await import('nodemailer/lib/well-known/services.json', { with: { type: 'json' } });
  return { presets: submissions, others: servicesOf(module.default as unknown as Record<string, WellKnown>) };
}

/** Those with a host, by label, without the ones that have a preset with limits. */
export function servicesOf(wellKnown: Record<string, WellKnown>): OfferedService[] {
  const taken = new Set(submissions.map(({ host }) => host));
  const services: OfferedService[] = [];
  for (const [key, { description, host, port, secure }] of Object.entries(wellKnown)) {
    if (!host || taken.has(host)) continue;
    taken.add(host);
    const security = secure ? 'tls' : 'starttls';
    services.push({
      label: description ?? key,
      host,
      port: Number(port ?? (secure ? 465 : 587)),
      security,
      auth: 'password',
    });
  }
  return services.sort((a, b) => a.label.localeCompare(b.label));
}
