import { posix } from 'node:path';
import * as vscode from 'vscode';
import type { BeforeLine } from '../../letter/plan/beforeYouSend.ts';
import type { CampaignSnapshot } from '../../shared/campaign.ts';
import { type Finding, msg } from '../../shared/errors.ts';
import { subjectWords } from '../../shared/subjectWords.ts';
import { plural } from '../../shared/words.ts';
import type { Campaigns } from '../campaigns/campaigns.ts';
import { uriOf } from '../errors.ts';
import { loadCompose } from '../openLetter/compose.ts';
import { words } from '../text.ts';
import type { Letter } from './letter.ts';

/** The editor's lines for the page “Before You Send”. */
export async function beforeLines(letter: Letter, campaigns: Campaigns): Promise<BeforeLine[]> {
  return [
    ...sentBefore(letter, campaigns.all()),
    ...(await nearerList(letter)),
    ...letter.findings.filter(({ severity }) => severity !== 'error').map(findingLine),
  ];
}

/** The same subject was sent before: the right letter, perhaps for the second time. */
export function sentBefore(
  { newsletter, list }: Pick<Letter, 'newsletter' | 'list'>,
  campaigns: readonly CampaignSnapshot[],
): BeforeLine[] {
  const subject = subjectWords(newsletter.subject);
  return campaigns
    .filter(({ kind, counts, ...item }) => kind === 'send' && counts.sent > 0 && subjectWords(item.subject) === subject)
    .slice(0, 5)
    .map(({ counts, recipients, createdAt }): BeforeLine => {
      const sameList = list?.uris.some((uri) => uri.toString() === uriOf(recipients).toString()) === true;
      return {
        section: 'look',
        level: sameList ? 'warning' : 'info',
        text: plural(
          'A letter with this subject went to {0} reader of {1} on {2}.',
          'A letter with this subject went to {0} readers of {1} on {2}.',
          counts.sent,
          posix.basename(uriOf(recipients).path),
          words.day(createdAt),
        ),
      };
    });
}

/** Another list in the folder whose name is closer to the letter's than the one that was chosen. */
async function nearerList({ uri, list }: Letter): Promise<BeforeLine[]> {
  const [chosen, ...more] = list?.uris ?? [];
  if (!chosen || more.length > 0 || uri.scheme === 'untitled') return [];
  const folder = vscode.Uri.joinPath(chosen, '..');
  const files = await vscode.workspace.fs.readDirectory(folder).then(
    (found) => found,
    () => [],
  );
  const lists = files.filter(([name, type]) => type === vscode.FileType.File && /\.(?:csv|tsv)$/i.test(name));
  const { nearestName } = await loadCompose();
  const nearer = nearestName(
    posix.basename(uri.path),
    posix.basename(chosen.path),
    lists.map(([name]) => name),
  );
  if (!nearer) return [];
  const text = msg('The folder has another list whose name is closer to this letter’s: {0}.', nearer);
  return [{ section: 'look', level: 'warning', text }];
}

function findingLine({ severity, text, place }: Finding): BeforeLine {
  const uri = uriOf(place.file);
  const isFile = place.key?.startsWith('envoi.') !== true;
  const line = place.line ?? 1;
  return {
    section: 'checks',
    level: severity === 'warning' ? 'warning' : 'info',
    text,
    ...(isFile ? { place: { href: `${uri.toString()}#L${line}`, label: `${posix.basename(uri.path)}:${line}` } } : {}),
  };
}
