import { providerIds } from '../../providers/lookup.ts';
import { parseDuration, parseRate } from '../../shared/duration.ts';
import { nearest } from '../../shared/editDistance.ts';
import { type Finding, msg, UserError } from '../../shared/errors.ts';
import type { Behaviour, Scenario } from '../../shared/foresight.ts';
import { DIRECT, type Settings } from '../../shared/settings.ts';
import { parseSettings } from '../../shared/settingsReader.ts';
import { type KeyPath, keyText, ValueReader } from '../../shared/valueReader.ts';

/** Larger files are not scenarios. */
export const MAX_SCENARIO = 100_000;

const behaviourKeys = [
  'limits',
  'maxConnections',
  'maxMessagesPerConnection',
  'connect',
  'reply',
  'greylists',
  'unknown',
  'drops',
  'down',
  'refuses',
] as const;

/**
 * A custom scenario to rehearse in: `{ "title": "…", "servers": { "office": { "limits": ["200/hour"] } } }`. Servers are
 * those of the settings, "*", "direct" and "direct PROVIDER". Throws a UserError when it is not JSON.
 */
export function readScenario(
  text: string,
  file: string,
  { servers }: Pick<Settings, 'servers'>,
): { title: string; scenario: Scenario; findings: readonly Finding[] } {
  const { raw, lineOf } = parsed(text, file);
  const reader = new ScenarioReader({ file, lineOf });
  const names = ['*', ...Object.keys(servers), DIRECT, ...providerIds.map((id) => `${DIRECT} ${id}`)];
  const top = reader.keys([], raw, ['title', 'servers']);
  const entries = Object.entries(reader.keys(['servers'], top.servers, names));
  const behaviours = Object.fromEntries(
    entries.map(([name, value]) => [name, reader.behaviour(['servers', name], value)]),
  );
  return {
    title: reader.text(['title'], top.title, ''),
    scenario: { name: 'file', behaviours },
    findings: reader.findings,
  };
}

function parsed(text: string, file: string): ReturnType<typeof parseSettings> {
  try {
    return parseSettings(text, file);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const remedy = msg('Write it as {0}.', '{ "servers": { "office": { "limits": ["200/hour"] } } }');
    throw new UserError('settingsSyntax', msg('The scenario file is not a JSON object.'), remedy, error.place);
  }
}

class ScenarioReader extends ValueReader {
  /** As an object; unknown keys are reported with the nearest known one. */
  keys(path: KeyPath, value: unknown, known: readonly string[]): Record<string, unknown> {
    const object = this.object(path, value);
    for (const key of Object.keys(object)) {
      if (known.includes(key)) continue;
      const name = keyText([...path, key]);
      const near = nearest(key, known);
      this.report(
        'error',
        'unknownSetting',
        [...path, key],
        near
          ? msg('Unknown key in the scenario: {0}. Did you mean {1}?', name, near)
          : msg('Unknown key in the scenario: {0}. Known keys: {1}.', name, known.join(', ')),
      );
    }
    return object;
  }

  behaviour(path: KeyPath, value: unknown): Behaviour {
    const raw = this.keys(path, value, behaviourKeys);
    const at = (key: string) => [...path, key];
    const count = (key: 'maxConnections' | 'maxMessagesPerConnection') =>
      raw[key] === undefined ? {} : { [key]: this.whole(at(key), raw[key], 1, 1, 100_000) };
    return {
      ...(raw.limits === undefined ? {} : { windows: this.#limits(at('limits'), raw.limits) }),
      ...count('maxConnections'),
      ...count('maxMessagesPerConnection'),
      ...(raw.connect === undefined ? {} : { connectMs: this.#span(at('connect'), raw.connect) }),
      ...(raw.reply === undefined ? {} : { messageMs: this.#span(at('reply'), raw.reply) }),
      ...(raw.unknown === undefined ? {} : { unknown: this.#share(at('unknown'), raw.unknown) }),
      ...(raw.greylists === undefined ? {} : { greylists: this.#greylists(at('greylists'), raw.greylists) }),
      ...(raw.drops === undefined ? {} : { drops: this.#drops(at('drops'), raw.drops) }),
      ...(raw.down === undefined ? {} : { down: this.#down(at('down'), raw.down) }),
      ...(raw.refuses === undefined ? {} : { refuses: this.#reply(at('refuses'), raw.refuses) }),
    };
  }

  #greylists(path: KeyPath, value: unknown): NonNullable<Behaviour['greylists']> {
    const raw = this.keys(path, value, ['share', 'for']);
    return { share: this.#share([...path, 'share'], raw.share), forMs: this.#span([...path, 'for'], raw.for) };
  }

  #drops(path: KeyPath, value: unknown): NonNullable<Behaviour['drops']> {
    const raw = this.keys(path, value, ['share', 'at']);
    return {
      share: this.#share([...path, 'share'], raw.share),
      at: this.oneOf([...path, 'at'], raw.at, 'before', ['before', 'behind']),
    };
  }

  #down(path: KeyPath, value: unknown): NonNullable<Behaviour['down']> {
    const raw = this.keys(path, value, ['how', 'from', 'for']);
    return {
      how: this.oneOf([...path, 'how'], raw.how, 'refused', ['refused', 'silent', 'blocked']),
      fromMs: raw.from === undefined ? 0 : this.#span([...path, 'from'], raw.from),
      ...(raw.for === undefined ? {} : { forMs: this.#span([...path, 'for'], raw.for) }),
    };
  }

  #limits(path: KeyPath, value: unknown): { count: number; perMs: number }[] {
    const windows = (Array.isArray(value) ? value : [value]).map((each) =>
      typeof each === 'string' ? parseRate(each) : null,
    );
    if (windows.includes(null))
      this.wrong(path, msg('a number per second, minute, hour or day, such as {0}', '"500/hour"'), value);
    return windows.filter((window) => window !== null);
  }

  #span(path: KeyPath, value: unknown): number {
    const ms = typeof value === 'string' ? parseDuration(value) : null;
    if (ms === null) this.wrong(path, msg('a duration, such as {0}', '"400ms", "15m", "2h"'), value);
    return ms ?? 0;
  }

  #share(path: KeyPath, value: unknown): number {
    if (typeof value === 'number' && value >= 0 && value <= 1) return value;
    this.wrong(path, msg('a share from {0} to {1}', 0, 1), value);
    return 0;
  }

  #reply(path: KeyPath, value: unknown): string {
    if (typeof value === 'string' && /^[45]\d\d [^\r\n]{1,500}$/.test(value)) return value;
    this.wrong(path, msg('an SMTP reply, such as {0}', '"550 5.7.1 not accepted"'), value);
    return '451 4.3.0 not now';
  }
}
