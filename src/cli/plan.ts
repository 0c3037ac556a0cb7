import { foresightText } from '../letter/plan/foresightText.ts';
import { listShares } from '../letter/plan/listShares.ts';
import { rehearsalLines } from '../letter/plan/rehearsalText.ts';
import { MAX_SCENARIO, readScenario } from '../letter/plan/scenarioFile.ts';
import { type ScenarioName, scenarioNames } from '../letter/plan/scenarioNames.ts';
import { scenarioOf, scenarioTitles } from '../letter/plan/scenarios.ts';
import { type Change, type Plan, type Strategy, strategyFor } from '../letter/plan/strategy.ts';
import { planLines, planTitle, strategyAdvice } from '../letter/plan/strategyText.ts';
import type { EngineApi } from '../protocol/engineApi.ts';
import type { DirectStanding } from '../shared/directStanding.ts';
import { parseRate, rateSetting } from '../shared/duration.ts';
import { msg, type Text, UserError } from '../shared/errors.ts';
import type { Foresight, ForesightRequest, Scenario } from '../shared/foresight.ts';
import type { Settings } from '../shared/settings.ts';
import { plural } from '../shared/words.ts';
import { lookBefore } from './before.ts';
import { type CommandOptions, connectEngineFor } from './commandLine.ts';
import { editSettings, type SettingEdit, settingsFileFor } from './editSettings.ts';
import { EXIT } from './exit.ts';
import { refuseOnErrors } from './findings.ts';
import { gather, requireNoErrors, type Sendable } from './gather.ts';
import { readText } from './readText.ts';
import { readFoundSettings } from './settingsFile.ts';
import { standingOfDirect } from './standingOfDirect.ts';
import { bold, dim, green, oneLine, print, printJson, yellow } from './terminal.ts';
import { parseWhen } from './when.ts';
import { withEngine } from './withEngine.ts';
import { say, words } from './words.ts';

/** `envoi plan DOCUMENT`: how long it takes, the possible routes, and with --rehearse what would happen. Sends nothing. */
export async function plan(path: string, options: CommandOptions): Promise<number> {
  const startAt = options.at === undefined ? 0 : parseWhen(options.at, Date.now());
  const gathered = await gather(path, { ...options, before: (key) => lookBefore(key, options) }, 'send');
  const letter = await requireNoErrors(gathered, options);
  const { settings } = letter;
  const scenarios = await scenariosOf(options, settings);
  const list = listShares(letter.list?.profile);
  const asked = await standingOfDirect(letter, options);
  const { connection, result } = await withEngine(
    () => connectEngineFor(options, 'look'),
    async ({ engine }) => look(engine, { settings, list, startAt }, scenarios, asked),
  );
  await connection.close();
  const { strategy, rehearsals, present } = result;
  if (!options.json) {
    const readers = plural('{0} recipient', '{0} recipients', list.total);
    print(`\n  ${bold(say(msg('{0}, as currently set', readers)))}`);
    print(`    ${say(foresightText(present))}`);
    if (!present.measured)
      print(`    ${dim(say(msg('Not all of these routes have been used yet: typical servers are assumed.')))}`);
  } else printJson({ event: 'forecast', ...present });
  for (const rehearsal of rehearsals) printRehearsal(rehearsal, options);
  if (rehearsals.length === 0) printStrategy(strategy, options);
  return options.apply === undefined ? EXIT.sent : applyPlan(strategy, letter, options);
}

async function look(
  engine: EngineApi,
  request: ForesightRequest,
  scenarios: readonly ToRehearse[],
  asked: DirectStanding | null,
) {
  const { settings, list, startAt } = request;
  const present = await engine.foresee(request);
  const direct = asked ?? present.direct ?? { state: 'unknown' };
  const rehearsals = [];
  for (const { scenario, title } of scenarios)
    rehearsals.push({ name: scenario.name, title, foresight: await engine.foresee({ ...request, scenario }) });
  const foresee = (wish: ForesightRequest) => engine.foresee(wish);
  const strategy =
    rehearsals.length > 0
      ? { plans: [], weak: null, direct, worthChecking: false }
      : await strategyFor({ settings, list, direct, present }, foresee, startAt);
  return { present, rehearsals, strategy };
}

interface ToRehearse {
  scenario: Scenario;
  title: Text;
}

/** Rehearses an ordinary day, a named scenario, or a file of the person's own. Throws when that has errors. */
async function scenariosOf(
  { rehearse, scenario, json }: CommandOptions,
  settings: Settings,
): Promise<readonly ToRehearse[]> {
  const known = (name: ScenarioName) => ({ scenario: scenarioOf(name, settings), title: scenarioTitles[name] });
  if (scenario === undefined) return rehearse ? [known('published')] : [];
  if (scenario === 'all') return scenarioNames.map(known);
  const name = scenarioNames.find((each) => each === scenario);
  if (name) return [known(name)];
  if (/[./\\]/.test(scenario)) {
    const text = await readText(scenario, msg('Give an existing file with --scenario.'), MAX_SCENARIO);
    const own = readScenario(text, scenario, settings);
    refuseOnErrors(own.findings, json);
    return [{ scenario: own.scenario, title: msg('{0}', own.title === '' ? scenario : own.title) }];
  }
  throw new UserError(
    'usage',
    msg('There is no scenario “{0}”.', scenario),
    msg('Use one of {0}, all, or a JSON file.', scenarioNames.join(', ')),
  );
}

function printRehearsal(
  { name, title, foresight }: { name: string; title: Text; foresight: Foresight },
  { json }: CommandOptions,
): void {
  if (json) return printJson({ event: 'rehearsal', scenario: name, ...foresight });
  print(`\n  ${bold(say(msg('Rehearsal “{0}”: {1}', name, title)))}`);
  for (const line of rehearsalLines(foresight, words, Date.now())) print(`    ${oneLine(say(line))}`);
}

function printStrategy(strategy: Strategy, { json }: CommandOptions): void {
  const advice = strategyAdvice(strategy).map(say);
  if (json) {
    for (const [at, each] of strategy.plans.entries())
      printJson({
        event: 'plan',
        plan: at + 1,
        aim: each.aim,
        title: say(planTitle(each)),
        ...settingsOf(each),
        foresight: each.foresight,
      });
    for (const text of advice) printJson({ event: 'advice', text });
    return;
  }
  for (const [at, each] of strategy.plans.entries()) {
    const mark = each.present ? ` ${green(say(msg('(as currently set)')))}` : '';
    print(`\n  ${bold(String(at + 1))}  ${bold(say(planTitle(each)))}${mark}`);
    for (const line of planLines(each, strategy)) print(`     ${say(line)}`);
    if (!each.present) print(`     ${dim(JSON.stringify(settingsOf(each)))}`);
  }
  for (const text of advice) print(`\n  ${yellow('!')} ${text}`);
  if (strategy.plans.some(({ present }) => !present))
    print(`\n  ${dim(say(msg('“envoi plan LETTER --apply 1” writes the first of them to the settings.')))}`);
  print();
}

function settingsOf({ change }: Plan): Record<string, unknown> {
  return {
    'envoi.route': change.route,
    'envoi.domainRoutes': change.domainRoutes,
    'envoi.whenQuotaReached': change.whenQuotaReached,
    ...(Object.keys(change.limits).length > 0 ? { limits: quotasOf(change.limits) } : {}),
  };
}

/** By server, as in the settings. */
function quotasOf(limits: Change['limits']): Record<string, readonly string[]> {
  return Object.fromEntries(Object.entries(limits).map(([name, windows]) => [name, windows.map(rateSetting)]));
}

/** Added to the limits a server already has in this file; one for the same span is replaced. */
async function quotaEdits(file: string, limits: Change['limits']): Promise<SettingEdit[]> {
  const { raw } = await readFoundSettings(file);
  return Object.entries(quotasOf(limits)).map(([name, quotas]) => {
    const alone = `envoi.servers.${name}`;
    const path = alone in raw ? [alone] : ['envoi.servers', name];
    const entry: unknown = alone in raw ? raw[alone] : Object(raw['envoi.servers'])[name];
    const spans = quotas.map((quota) => parseRate(quota)?.perMs);
    const others = [Object(entry).quota ?? []].flat().filter((each) => !spans.includes(parseRate(String(each))?.perMs));
    return { path: [...path, 'quota'], value: [...others, ...quotas] };
  });
}

async function applyPlan({ plans }: Strategy, letter: Sendable, options: CommandOptions): Promise<number> {
  const chosen = plans[Number(options.apply) - 1];
  if (!chosen)
    throw new UserError(
      'usage',
      msg('There is no plan {0}.', options.apply ?? ''),
      plural('There is {0} plan.', 'There are {0} plans.', plans.length),
    );
  const file = settingsFileFor(options.config, letter.path);
  const { limits: _, ...ways } = settingsOf(chosen);
  const edits = [
    ...Object.entries(ways).map(([key, value]) => ({ path: [key], value })),
    ...(await quotaEdits(file, chosen.change.limits)),
  ];
  await editSettings(file, edits, msg('Add it to your settings: {0}', JSON.stringify(settingsOf(chosen))));
  if (options.json) printJson({ event: 'applied', plan: Number(options.apply), settings: file });
  else print(`  ${green('✓')} ${say(msg('{0} is set in {1}.', 'envoi.route', file))}\n`);
  return EXIT.sent;
}
