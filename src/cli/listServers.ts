import { submissionOf } from '../providers/lookup.ts';
import type { LearnedLimit, TransportSnapshot } from '../shared/campaign.ts';
import { rateSetting, rateText } from '../shared/duration.ts';
import { msg } from '../shared/errors.ts';
import type { ServerProbe } from '../shared/serverProbe.ts';
import { probeRemedy, probeSummary } from '../shared/serverProbeWords.ts';
import { type ServerSettings, secretKey } from '../shared/settings.ts';
import { type CommandOptions, connectEngineFor } from './commandLine.ts';
import { EXIT } from './exit.ts';
import { refuseOnErrors } from './findings.ts';
import { loadSettings } from './settingsFile.ts';
import { bold, dim, print, printJson, yellow } from './terminal.ts';
import { say, words } from './words.ts';

/** `envoi servers`: those of the settings, with their state in the newest campaign that used them and the limits they enforced. */
export async function listServers(options: CommandOptions): Promise<number> {
  const { settings, findings } = await loadSettings(options, undefined);
  refuseOnErrors(findings, options.json);
  const connection = await connectEngineFor(options, 'look');
  try {
    const campaigns = await connection.engine.list();
    const running = campaigns.filter(({ state }) => state !== 'done' && state !== 'cancelled');
    const accounts = Object.values(settings.servers).map(secretKey);
    const known = await connection.engine.knownLimits({ accounts });
    for (const [server, entry] of Object.entries(settings.servers)) {
      const { host, port, windows } = entry;
      const probe = known.find(({ account }) => account === secretKey(entry))?.probe;
      const seen = [...running, ...campaigns]
        .flatMap(({ transports }) => transports)
        .find((transport) => transport.name === server && transport.host === `${host}:${port}`);
      if (options.json) {
        printJson({
          event: 'server',
          server,
          host,
          port,
          state: seen?.state ?? 'unused',
          learned: seen?.learned ?? null,
          probe: probe ?? null,
        });
        continue;
      }
      const limits = windows.map((window) => say(rateText(window))).join(', ');
      print(`  ${bold(server)} ${dim([`${host}:${port}`, limits, stateOf(seen)].filter((part) => part).join('  '))}`);
      const { quota, rate, date } = submissionOf(host)?.limits ?? {};
      const published = [rate, ...(quota ?? [])].filter((limit) => limit !== undefined).join(', ');
      if (date && published)
        print(`    ${dim(say(msg('Its provider allows {0} (as published on {1}).', published, date)))}`);
      if (probe) for (const line of probeLines(server, entry, probe)) print(`    ${line}`);
      if (seen?.learned) for (const line of learnedLines(server, seen.learned)) print(`    ${line}`);
    }
    if (Object.keys(settings.servers).length === 0 && !options.json)
      print(`  ${say(msg('The settings have no server.'))}`);
    return EXIT.sent;
  } finally {
    await connection.close();
  }
}

function stateOf(seen: TransportSnapshot | undefined): string {
  if (!seen) return say(msg('not used yet'));
  switch (seen.state) {
    case 'ready':
      return say(msg('ready'));
    case 'resting':
      return say(msg('pausing'));
    case 'limited':
      return say(msg('limit reached'));
    case 'closed':
      return say(msg('stopped'));
    default:
      return seen.state satisfies never;
  }
}

/** The results of an in-depth test, and the setting that respects them. */
function probeLines(server: string, entry: ServerSettings, probe: ServerProbe): string[] {
  const summary = say(msg('Tested in depth: {0}', probeSummary(probe, words)));
  return [summary, dim(probeRemedy(server, entry, probe, words))].filter((line) => line !== dim(''));
}

/** The limit it enforced, and the setting that respects it. */
function learnedLines(server: string, learned: LearnedLimit): string[] {
  const setting = rateSetting(learned);
  return [
    yellow(say(msg('This server rejected mail after {0}, {1}.', rateText(learned), words.day(learned.at)))),
    dim(learned.text),
    ...(setting ? [say(msg('To stay within it: {0} in envoi.servers.{1}.', `"quota": ["${setting}"]`, server))] : []),
  ];
}
