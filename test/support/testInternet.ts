import { DnsServer, type Zone } from './dnsServer.ts';
import { type SmtpScript, SmtpServer } from './smtpServer.ts';

/**
 * Mail hosts on addresses of loopback, all on one port, and a DNS server that knows them: each as `name.mx.example`.
 * The zone has the domains; more hosts than these are nobody's.
 */
export class TestInternet {
  readonly dns: DnsServer;
  readonly hosts: Readonly<Record<string, SmtpServer>>;
  readonly port: number;

  private constructor(dns: DnsServer, hosts: Record<string, SmtpServer>, port: number) {
    this.dns = dns;
    this.hosts = hosts;
    this.port = port;
  }

  static async start(scripts: Record<string, SmtpScript>, zone: Zone): Promise<TestInternet> {
    for (let tries = 0; ; tries++) {
      const hosts: Record<string, SmtpServer> = {};
      try {
        let port = 0;
        let last = 10;
        for (const [name, script] of Object.entries(scripts)) {
          const server = await SmtpServer.start(script, `127.0.0.${++last}`, port);
          hosts[name] = server;
          port = server.port;
        }
        const known: Zone = {};
        for (const [name, server] of Object.entries(hosts))
          known[`${name.toLowerCase()}.mx.example`] = { A: [server.address] };
        return new TestInternet(await DnsServer.start({ ...known, ...zone }), hosts, port);
      } catch (error) {
        await Promise.all(Object.values(hosts).map((server) => server.close()));
        if (tries > 10) throw error;
      }
    }
  }

  host(name: string): SmtpServer {
    const server = this.hosts[name];
    if (!server) throw new Error(`no host ${name}`);
    return server;
  }

  async close(): Promise<void> {
    await Promise.all([this.dns.close(), ...Object.values(this.hosts).map((server) => server.close())]);
  }
}

/** MX records to `name.mx.example` hosts, `[10, 'accept']` and so on. */
export function mx(...hosts: readonly (readonly [number, string])[]): { preference: number; exchange: string }[] {
  return hosts.map(([preference, name]) => ({ preference, exchange: `${name}.mx.example` }));
}
