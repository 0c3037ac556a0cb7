import { leftOutText } from '../../letter/plan/leftOut.ts';
import { shortestMs } from '../../letter/plan/shortestTime.ts';
import { spanText } from '../../shared/duration.ts';
import { msg, type Text } from '../../shared/errors.ts';
import type { LeftOut } from '../../shared/leftOut.ts';
import { DIRECT, type Settings } from '../../shared/settings.ts';
import type { Say } from '../text.ts';

/** What a person should know before the one step that cannot be undone. */
export interface SendPlan {
  recipients: number;
  /** Names of the two files as a person tells them from others: the letter and its list. */
  document: string;
  list: string;
  from: string;
  subject: string;
  settings: Pick<Settings, 'route' | 'domainRoutes' | 'servers' | 'sendingHours'>;
  refused: Partial<LeftOut>;
  /** Name of the computer that sends. */
  host: string;
  /** Epoch ms; 0 = now. */
  startAt: number;
  startText: string;
  warnings: number;
  unsaved: boolean;
  /** Whether a test of exactly this text went out before. */
  tested: boolean;
  /** The line that says who sees the subject like this; "" when all do. */
  subjectFor: string;
  /** Closing the window stops sending. */
  dependsOnWindow: boolean;
}

export interface Confirmation {
  question: string;
  detail: string;
  button: string;
}

export function confirmationOf(plan: SendPlan, say: Say, number: (value: number) => string): Confirmation {
  const count = number(plan.recipients);
  const one = plan.recipients === 1;
  const lines: string[] = [
    say(msg('Document: {0}', plan.document)),
    say(msg('List: {0}', plan.list)),
    plan.subjectFor
      ? say(msg('Subject: {0} (for {1})', plan.subject, plan.subjectFor))
      : say(msg('Subject: {0}', plan.subject)),
    say(msg('From: {0}', plan.from)),
    say(msg('By: {0}', routeWords(plan.settings, say))),
    say(msg('Sent from: {0}', plan.host)),
    plan.startAt > 0 ? say(msg('When: {0}', plan.startText)) : say(msg('Takes: {0}', durationWords(plan, say))),
  ];
  const left = leftOutText(plan.refused);
  if (left) lines.push(say(msg('Left out: {0}', left)));
  const notes: string[] = [];
  if (goesOnlyDirect(plan.settings))
    notes.push(
      say(msg('No server is set up: mail goes straight from this computer, and many providers refuse such mail.')),
    );
  if (plan.settings.sendingHours) notes.push(say(msg('It is sent only within the hours of envoi.sendingHours.')));
  if (plan.unsaved) notes.push(say(msg('The document has unsaved changes; what you see in the editor is sent.')));
  if (plan.warnings > 0) notes.push(say(msg('Warnings in the Problems view: {0}', number(plan.warnings))));
  if (!plan.tested) notes.push(say(msg('This text has not been sent as a test yet.')));
  if (plan.dependsOnWindow) notes.push(say(msg('Sending stops when this window closes.')));
  return {
    question: one ? say(msg('Send to 1 recipient?')) : say(msg('Send to {0} recipients?', count)),
    detail: [...lines, ...(notes.length > 0 ? ['', ...notes] : [])].join('\n'),
    button:
      plan.startAt > 0
        ? one
          ? say(msg('Schedule for 1 Recipient'))
          : say(msg('Schedule for {0} Recipients', count))
        : one
          ? say(msg('Send to 1 Recipient'))
          : say(msg('Send to {0} Recipients', count)),
  };
}

export function routeWords(settings: Pick<Settings, 'route' | 'domainRoutes' | 'servers'>, say: Say): string {
  const name = (transport: string) => {
    const server = settings.servers[transport];
    if (transport === DIRECT || !server) return say(msg('directly to the recipients’ servers'));
    return `${transport} (${server.host})`;
  };
  const entry = (names: string | readonly string[]) =>
    typeof names === 'string' ? name(names) : say(msg('{0} side by side', names.map(name).join(', ')));
  const [primary, ...backups] = settings.route;
  const main = primary === undefined ? '' : entry(primary);
  const words = backups.length > 0 ? say(msg('{0}; backup: {1}', main, backups.map(entry).join(', '))) : main;
  const own = Object.keys(settings.domainRoutes).length;
  return own > 0 ? say(msg('{0}; own routes for {1}', words, Object.keys(settings.domainRoutes).join(', '))) : words;
}

/** Direct was not chosen: there is just no server. */
export function goesOnlyDirect(settings: Pick<Settings, 'route' | 'servers'>): boolean {
  return settings.route.flat().every((name) => name === DIRECT) && Object.keys(settings.servers).length === 0;
}

function durationWords(plan: SendPlan, say: Say): string {
  const ms = shortestMs(plan.recipients, plan.settings);
  if (ms === null) return say(msg('as long as the servers need; no limit is set'));
  const text: Text = spanText(ms);
  const backup = plan.settings.route.length > 1;
  const first = [plan.settings.route[0] ?? ''].flat().join(', ');
  return backup
    ? say(msg('about {0} by the limits of {1} alone', say(text), first))
    : say(msg('at least {0}, by the limits of {1}', say(text), first));
}
