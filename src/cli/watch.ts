import { type CampaignSnapshot, failedCount } from '../shared/campaign.ts';
import { msg, UserError } from '../shared/errors.ts';
import { attentionWords } from './attentionWords.ts';
import type { EngineConnection } from './engineConnection.ts';
import { EXIT, leaveAtOnce, onSignals } from './exit.ts';
import { ProgressBar } from './progressBar.ts';
import { print, printJson, yellow } from './terminal.ts';
import { say } from './words.ts';

export { EXIT };

/**
 * A campaign that needs a person, or only waits for its start, does not keep the command running. One that is paused,
 * or has stopped, does until messages in progress have ended: the summary counts them, and nothing is cut off in doubt. If
 * nothing can be written to disk any more, nothing ends.
 */
function isOver(snapshot: CampaignSnapshot, own: boolean): boolean {
  const cannotWrite = snapshot.attention.some(({ kind }) => kind === 'diskFull' || kind === 'brokenCampaign');
  const stands = (snapshot.state === 'paused' || snapshot.state === 'needsAction') && !cannotWrite;
  if (stands && own && snapshot.counts.sending > 0) return false;
  return snapshot.state !== 'running' && !(snapshot.state === 'scheduled' && own);
}

/**
 * Shows a campaign until it has ended, is paused, or needs a person. Ctrl+C pauses it and waits for messages in progress; a second
 * one exits at once, which loses nothing: messages without a reply are then in doubt. A planned one stays planned.
 */
export async function watch(connection: EngineConnection, campaign: string, json: boolean): Promise<CampaignSnapshot> {
  const bar = json ? null : new ProgressBar();
  let planned = false;
  const show = (snapshot: CampaignSnapshot) => {
    planned = snapshot.state === 'scheduled';
    if (bar) bar.draw(snapshot);
    else printJson(progressOf(snapshot));
  };
  let interrupted = false;
  let leave = () => {};
  const onSignal = () => {
    if (planned) return leave();
    if (interrupted) {
      bar?.end();
      process.exit(EXIT.interrupted);
    }
    interrupted = true;
    bar?.say(say(msg('pausing: messages in transit are completed (Ctrl+C again: exit at once)')));
    void connection.engine.pause({ campaign }).catch(() => {});
  };
  const watching = onSignals(onSignal);
  try {
    return await new Promise<CampaignSnapshot>((resolve, reject) => {
      leave = () => {
        listening.dispose();
        // The last snapshot may be older than the last message.
        connection.engine.get({ campaign }).then(resolve, reject);
      };
      const listening = connection.engine.onChange((snapshot) => {
        if (snapshot.id !== campaign) return;
        show(snapshot);
        if (isOver(snapshot, connection.own)) leave();
      });
      void connection.gone.then(() => reject(engineEnded(campaign)));
      connection.engine.get({ campaign }).then((snapshot) => {
        show(snapshot);
        if (!isOver(snapshot, connection.own)) return;
        listening.dispose();
        resolve(snapshot);
      }, reject);
    });
  } finally {
    bar?.end();
    // What follows only prints and closes: a signal then must not end the process without its exit code.
    onSignals(leaveAtOnce);
    watching.dispose();
  }
}

/**
 * Like `watch`, for a campaign that another command or window may be sending. If that one's engine closes, it may be
 * because all is done: the store has the answer.
 */
export async function watchOrLook(
  connection: EngineConnection,
  campaign: string,
  json: boolean,
  look: () => Promise<EngineConnection>,
): Promise<{ connection: EngineConnection; snapshot: CampaignSnapshot }> {
  try {
    return { connection, snapshot: await watch(connection, campaign, json) };
  } catch (error) {
    if (connection.own || !(error instanceof UserError) || !['engineEnded', 'engineGone'].includes(error.code))
      throw error;
    const other = await look();
    const snapshot = await other.engine.get({ campaign }).catch(() => null);
    if (snapshot && (snapshot.state === 'done' || snapshot.state === 'cancelled'))
      return { connection: other, snapshot };
    await other.close();
    throw error;
  }
}

function engineEnded(campaign: string): UserError {
  return new UserError(
    'engineEnded',
    msg('The sending engine has stopped.'),
    msg('Nothing is lost. Continue with: envoi resume {0}', campaign),
  );
}

export function exitCode(snapshot: CampaignSnapshot): number {
  const { counts } = snapshot;
  switch (snapshot.state) {
    case 'running':
    case 'scheduled':
    case 'paused':
    case 'needsAction':
      return EXIT.interrupted;
    case 'cancelled':
      return EXIT.someFailed;
    case 'done':
      return failedCount(snapshot) + counts.inDoubt > 0 ? EXIT.someFailed : EXIT.sent;
    default:
      return snapshot.state satisfies never;
  }
}

export function progressOf(snapshot: CampaignSnapshot): Record<string, unknown> {
  const { id, state, total, counts, rate, etaAt, attention } = snapshot;
  const notes = attention.map((item) => ({ ...item, words: attentionWords(item) }));
  return {
    event: 'progress',
    campaign: id,
    state,
    total,
    ...counts,
    rate: Math.round(rate * 10) / 10,
    etaAt,
    attention: notes,
  };
}

export function summaryOf(snapshot: CampaignSnapshot): Record<string, unknown> {
  const { id, state, total, counts, refused, leftOut, setAside, attention } = snapshot;
  const notes = attention.map((item) => ({ ...item, words: attentionWords(item) }));
  const { invalid, duplicate } = refused;
  return {
    event: 'summary',
    campaign: id,
    state,
    total,
    ...counts,
    invalid,
    duplicate,
    leftOut,
    setAside,
    attention: notes,
  };
}

export function printAttention(snapshot: CampaignSnapshot): void {
  for (const item of snapshot.attention) print(`  ${yellow('!')} ${attentionWords(item)}`);
}
