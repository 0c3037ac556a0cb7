import { createHash, randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { CampaignDraft, EngineApi } from '../../protocol/engineApi.ts';
import type { CampaignSnapshot } from '../../shared/campaign.ts';
import { msg, UserError } from '../../shared/errors.ts';
import type { Recipient, RefusedRow } from '../../shared/recipient.ts';
import { loadCompose } from '../compose.ts';
import { Cancelled } from '../errors.ts';
import { documentFiles } from './documentFiles.ts';
import type { Letter } from './letter.ts';
import { streamOf } from './list.ts';

export interface Submission {
  letter: Letter;
  kind: CampaignDraft['kind'];
  /** Absent: the rows of the letter's list. */
  rows?: readonly Recipient[];
  subject?: string;
  startAt: number;
  secrets: Record<string, string>;
  token: vscode.CancellationToken;
  /** Rows handed over so far. */
  onProgress?: (rows: number) => void;
}

/**
 * Hands everything to the engine under a draft id and starts it. The reply means that it is on disk. When anything
 * fails before that, the draft is discarded and nothing is sent.
 */
export async function submit(engine: EngineApi, submission: Submission): Promise<CampaignSnapshot> {
  const draft = randomUUID();
  try {
    await engine.open({ draft, campaign: await campaignOf(submission) });
    const paths = submission.rows
      ? await addBatches(engine, draft, submission, oneBatch(submission.rows))
      : await addBatches(engine, draft, submission, listBatches(submission.letter));
    const files = documentFiles(submission.letter.uri);
    for (const path of new Set([...submission.letter.assets, ...paths])) {
      await engine.addAsset({ draft, path, content: await files.read(path) });
    }
    if (submission.token.isCancellationRequested) throw new Cancelled();
    return await engine.start({ draft, startAt: submission.startAt, secrets: submission.secrets });
  } catch (error) {
    await engine.discard({ draft }).catch(() => undefined);
    throw error;
  }
}

async function campaignOf({ letter, kind, subject }: Submission): Promise<CampaignDraft> {
  const hours = kind === 'send' ? letter.settings.sendingHours : null;
  return {
    kind,
    newsletter: subject === undefined ? letter.newsletter : { ...letter.newsletter, subject },
    settings: letter.settings,
    document: { path: pathOf(letter.uri), text: letter.text, commit: await commitOf(letter.uri) },
    recipients: { path: letter.list ? pathOf(letter.list) : '', sha256: letter.summary?.sha256 ?? '' },
    ...(hours ? { hours } : {}),
  };
}

interface Batch {
  rows: readonly Recipient[];
  refused: readonly RefusedRow[];
}

/** Gives back the paths of attachments that differ by recipient, so that they are pinned too. */
async function addBatches(
  engine: EngineApi,
  draft: string,
  submission: Submission,
  batches: AsyncIterable<Batch>,
): Promise<Set<string>> {
  const { createAttachmentPaths } = await loadCompose();
  const pathsOf = createAttachmentPaths(submission.letter.newsletter);
  const paths = new Set<string>();
  let sequence = 0;
  let rows = 0;
  for await (const batch of batches) {
    if (submission.token.isCancellationRequested) throw new Cancelled();
    if (pathsOf) for (const path of batch.rows.flatMap(pathsOf)) paths.add(path);
    await engine.addRows({ draft, sequence: sequence++, rows: batch.rows, refused: batch.refused });
    rows += batch.rows.length;
    submission.onProgress?.(rows);
  }
  return paths;
}

async function* oneBatch(rows: readonly Recipient[]): AsyncGenerator<Batch> {
  yield { rows, refused: [] };
}

/** The list once more. It was counted and confirmed before: when it has changed since, nothing is sent. */
async function* listBatches(letter: Letter): AsyncGenerator<Batch> {
  const { list, summary } = letter;
  if (!list || !summary) return;
  const compose = await loadCompose();
  const hash = createHash('sha256');
  const hashed = async function* () {
    for await (const chunk of streamOf(list)) {
      hash.update(chunk);
      yield chunk;
    }
  };
  for await (const { rows, refused } of compose.readRecipients(hashed(), { file: list.toString() })) {
    yield { rows, refused };
  }
  if (hash.digest('hex') === summary.sha256) return;
  throw new UserError(
    'listChanged',
    msg('The list {0} changed while it was read. Nothing was sent.', vscode.workspace.asRelativePath(list)),
    msg('Send again to see the new numbers.'),
    { file: list.toString() },
  );
}

function pathOf(uri: vscode.Uri): string {
  return uri.scheme === 'file' ? uri.fsPath : uri.toString();
}

interface GitApi {
  getRepository(uri: vscode.Uri): { state: { HEAD?: { commit?: string } } } | null;
}

/** The commit that is checked out, when the editor's own git support is running; else "". */
async function commitOf(uri: vscode.Uri): Promise<string> {
  const git = vscode.extensions.getExtension<{ getAPI(version: 1): GitApi }>('vscode.git');
  if (!git?.isActive) return '';
  try {
    return git.exports.getAPI(1).getRepository(uri)?.state.HEAD?.commit ?? '';
  } catch {
    return '';
  }
}
