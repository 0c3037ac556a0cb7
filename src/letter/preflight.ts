import type { EngineApi, ServerTestStep } from '../protocol/engineApi.ts';
import { type Clock, systemClock } from '../shared/clock.ts';
import { detailText } from '../shared/detailText.ts';
import { msg, type Text, UserError } from '../shared/errors.ts';
import { detail, faultDetails } from '../shared/faultDetails.ts';
import { DIRECT, type Settings, secretKey, transportNames } from '../shared/settings.ts';
import { plainWords } from '../shared/words.ts';

export interface Preflight {
  /** Relays that cannot be used now, each as a sentence with its remedy. */
  failures: readonly { server: string; error: UserError }[];
  /** Whether another transport of the route can carry the mail. */
  otherWay: boolean;
}

/** How long a relay is waited for while another transport is known to work; the engine then skips it, too. */
const PATIENCE_MS = 10_000;

type Failure = Preflight['failures'][number];

/**
 * Tests every relay of the route as far as a message would go, before anything is sent: a wrong password or a wrong name
 * is better reported now than by a stalled campaign. The results are kept for the campaign.
 */
export async function preflight(
  engine: EngineApi,
  settings: Settings,
  secrets: Record<string, string>,
  clock: Clock = systemClock,
): Promise<Preflight> {
  const found = new Map<string, Failure | null>();
  const works = (name: string) => !settings.servers[name] || found.get(name) === null;
  const tests = transportNames(settings).flatMap((name) => {
    const server = settings.servers[name];
    if (name === DIRECT || !server) return [];
    const secret = secrets[secretKey(server)] ?? '';
    const test = async () => {
      const steps = await engine.testServer({ settings, server: name, secret, starting: true });
      const failed = steps.find((step) => !step.ok);
      found.set(name, failed ? failureOf(settings, name, failed) : null);
    };
    return [{ name, done: test() }];
  });
  const all = Promise.all(tests.map(({ done }) => done));
  const ways = settings.route.flat();
  const patience = new AbortController();
  const enough = clock.sleep(PATIENCE_MS, patience.signal).then(async () => {
    // One that works is enough; where none is known yet the others are waited for.
    while (!ways.some(works) && found.size < tests.length)
      await Promise.race(tests.filter(({ name }) => !found.has(name)).map(({ done }) => done));
  });
  await Promise.race([all, enough]).finally(() => patience.abort());
  all.catch(() => {});
  enough.catch(() => {});
  for (const { name } of tests) if (!found.has(name)) found.set(name, failureOf(settings, name, SILENT));
  return { failures: [...found.values()].filter((failure) => failure !== null), otherWay: ways.some(works) };
}

const SILENT: ServerTestStep = {
  step: 'connect',
  ok: false,
  detail: detail(faultDetails.noAnswer, PATIENCE_MS / 1000),
};

function failureOf(settings: Settings, name: string, step: ServerTestStep): Failure {
  const { host = '', port = 0 } = settings.servers[name] ?? {};
  return { server: name, error: explain(name, `${host}:${port}`, step) };
}

function explain(name: string, host: string, step: ServerTestStep): UserError {
  const place = { file: 'settings.json', key: `envoi.servers.${name}` };
  const [what, remedy] = sentences(name, host, step);
  return new UserError(`server.${step.step}`, what, remedy, place);
}

function sentences(name: string, host: string, { step, detail: stored }: ServerTestStep): [Text, Text] {
  // No message is sent, so there is no size to put into words.
  const why = detailText(stored, plainWords);
  switch (step) {
    case 'dns':
      return [
        msg('The server “{0}” ({1}) was not found: {2}.', name, host, why),
        msg('Correct its host in envoi.servers, or check the network. Nothing was sent.'),
      ];
    case 'connect':
      return [
        msg('The server “{0}” ({1}) cannot be reached: {2}.', name, host, why),
        msg('Check host and port in envoi.servers, and the network. Nothing was sent.'),
      ];
    case 'tls':
      return [
        msg('No secure connection could be made to the server “{0}” ({1}): {2}.', name, host, why),
        msg(
          'Check host, port and security in envoi.servers; the certificate must be valid for the host. Nothing was sent.',
        ),
      ];
    case 'auth':
      return [
        msg('The server “{0}” ({1}) refused the sign-in: {2}.', name, host, why),
        msg(
          'Set the password again, and check user and auth. Some providers require an app password. Nothing was sent.',
        ),
      ];
    case 'sender':
    case 'ready':
      return [
        msg('The server “{0}” ({1}) does not accept mail from this sender: {2}.', name, host, why),
        msg('Use a From address that this account may send from. Nothing was sent.'),
      ];
    default:
      return step satisfies never;
  }
}
