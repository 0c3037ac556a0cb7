import type { EngineApi, ServerTestStep } from '../protocol/engineApi.ts';
import { msg, type Text, UserError } from '../shared/errors.ts';
import { DIRECT, type Settings, secretKey, transportNames } from '../shared/settings.ts';

export interface Preflight {
  /** Relays that cannot be used now, each as a sentence with its remedy. */
  failures: readonly { server: string; error: UserError }[];
  /** Whether another transport of the route can take the mail. */
  otherWay: boolean;
}

/**
 * Tries every relay of the route as far as a message would go, before anything is sent: a wrong password or a wrong name
 * is better told now than by a campaign that stands still.
 */
export async function preflight(
  engine: EngineApi,
  settings: Settings,
  secrets: Record<string, string>,
): Promise<Preflight> {
  const names = transportNames(settings);
  const tried = await Promise.all(
    names.map(async (name) => {
      const server = settings.servers[name];
      if (name === DIRECT || !server) return null;
      const steps = await engine.testServer({ settings, server: name, secret: secrets[secretKey(server)] ?? '' });
      const failed = steps.find((step) => !step.ok);
      return failed ? { server: name, error: explain(name, `${server.host}:${server.port}`, failed) } : null;
    }),
  );
  const failures = tried.filter((item) => item !== null);
  const broken = new Set(failures.map((item) => item.server));
  return { failures, otherWay: settings.route.flat().some((name) => !broken.has(name)) };
}

function explain(name: string, host: string, step: ServerTestStep): UserError {
  const place = { file: 'settings.json', key: `envoi.servers.${name}` };
  const [what, remedy] = sentences(name, host, step);
  return new UserError(`server.${step.step}`, what, remedy, place);
}

function sentences(name: string, host: string, { step, detail }: ServerTestStep): [Text, Text] {
  switch (step) {
    case 'dns':
      return [
        msg('The server "{0}" ({1}) was not found: {2}.', name, host, detail),
        msg('Correct its host in envoi.servers, or check the network. Nothing was sent.'),
      ];
    case 'connect':
      return [
        msg('The server "{0}" ({1}) cannot be reached: {2}.', name, host, detail),
        msg('Check host and port in envoi.servers, and the network. Nothing was sent.'),
      ];
    case 'tls':
      return [
        msg('No secure connection to the server "{0}" ({1}): {2}.', name, host, detail),
        msg(
          'Check host, port and security in envoi.servers; the certificate must be valid for the host. Nothing was sent.',
        ),
      ];
    case 'auth':
      return [
        msg('The server "{0}" ({1}) refused the sign-in: {2}.', name, host, detail),
        msg('Set the password again, and check user and auth. Some providers want an app password. Nothing was sent.'),
      ];
    case 'sender':
    case 'ready':
      return [
        msg('The server "{0}" ({1}) does not take mail from this sender: {2}.', name, host, detail),
        msg('Use a From address that the account may send with. Nothing was sent.'),
      ];
    default:
      return step satisfies never;
  }
}
