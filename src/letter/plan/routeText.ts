import { rateText } from '../../shared/duration.ts';
import { msg, type Text } from '../../shared/errors.ts';
import { DIRECT, type Settings } from '../../shared/settings.ts';

type Ways = Pick<Settings, 'route' | 'domainRoutes' | 'servers'>;

/** “office (smtp.example.org, at most 500/hour); backup: directly to the recipients’ servers”. */
export function routeText(settings: Ways): Text {
  const [primary, ...backups] = settings.route.map((entry) => entryText(entry, settings));
  const main = primary ?? msg('directly to the recipients’ servers');
  const route = backups.length > 0 ? msg('{0}; backup: {1}', main, joined(backups)) : main;
  const own = Object.keys(settings.domainRoutes);
  return own.length > 0 ? msg('{0}; separate routes for {1}', route, own.join(', ')) : route;
}

/** Direct delivery was not chosen: there is just no server. */
export function goesOnlyDirect(settings: Pick<Ways, 'route' | 'servers'>): boolean {
  return settings.route.flat().every((name) => name === DIRECT) && Object.keys(settings.servers).length === 0;
}

function entryText(entry: string | readonly string[], settings: Ways): Text {
  if (typeof entry === 'string') return wayText(entry, settings);
  return msg('{0} in parallel', joined(entry.map((name) => wayText(name, settings))));
}

function wayText(name: string, { servers }: Ways): Text {
  const server = servers[name];
  if (name === DIRECT || !server) return msg('directly to the recipients’ servers');
  const limits = server.windows.map(rateText);
  return limits.length > 0
    ? msg('{0} ({1}, at most {2})', name, server.host, joined(limits))
    : msg('{0} ({1})', name, server.host);
}

function joined(texts: readonly Text[]): Text {
  return texts.reduce((all, text) => msg('{0}, {1}', all, text));
}
