import { spanText } from '../../shared/duration.ts';
import { msg, type Text } from '../../shared/errors.ts';
import { DIRECT } from '../../shared/settings.ts';
import { plural } from '../../shared/words.ts';
import type { Forecast } from './forecast.ts';

export function forecastText(forecast: Forecast): Text {
  switch (forecast.kind) {
    case 'unlimited':
      return msg('as long as the servers need; no limit is set');
    case 'within':
      return msg('as long as the servers need; the limits of {0} allow it at once', named(forecast.by));
    case 'spills':
      return plural(
        'as long as the servers need: {0} message by {1}, the rest by {2}',
        'as long as the servers need: {0} messages by {1}, the rest by {2}',
        forecast.count,
        named(forecast.by),
        named(forecast.to),
      );
    case 'held':
      return msg('at least {0}, by the limits of {1}', spanText(forecast.ms), named(forecast.by));
    default:
      return forecast satisfies never;
  }
}

function named(transports: readonly string[]): Text {
  const names = transports.map((name) => (name === DIRECT ? msg('direct delivery') : msg('{0}', name)));
  return names.reduce((all, name) => msg('{0}, {1}', all, name));
}
