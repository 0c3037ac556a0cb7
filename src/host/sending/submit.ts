import * as vscode from 'vscode';
import { pinCampaign, pinnedLists } from '../../letter/submit.ts';
import type { CampaignDraft, EngineApi } from '../../protocol/engineApi.ts';
import type { CampaignSnapshot } from '../../shared/campaign.ts';
import type { Recipient, RefusedRow } from '../../shared/recipient.ts';
import { Cancelled } from '../errors.ts';
import { loadCompose } from '../openLetter/compose.ts';
import { documentFiles } from '../openLetter/documentFiles.ts';
import { type Letter, listBatches } from './letter.ts';

export interface CampaignSubmission {
  letter: Letter;
  kind: CampaignDraft['kind'];
  /** Absent: the rows of the letter's list. */
  rows?: readonly Recipient[];
  subject?: string;
  startAt: number;
  secrets: Record<string, string>;
  token: vscode.CancellationToken;
  /** Rows submitted so far. */
  onProgress?: (rows: number) => void;
}

/** Submits everything to the engine and starts it. The reply means that it is on disk; a failure, that nothing is sent. */
export async function submit(engine: EngineApi, submission: CampaignSubmission): Promise<CampaignSnapshot> {
  const { letter, rows, token } = submission;
  const { createAttachmentPaths } = await loadCompose();
  const check = () => {
    if (token.isCancellationRequested) throw new Cancelled();
  };
  return pinCampaign(engine, {
    campaign: await campaignOf(submission),
    assets: letter.assets,
    read: (path) => documentFiles(letter.uri).read(path),
    attachmentPaths: createAttachmentPaths(letter.newsletter),
    batches: rows ? oneBatch(rows) : letter.list ? listBatches(letter.list) : oneBatch([]),
    startAt: submission.startAt,
    secrets: submission.secrets,
    onProgress: (count) => {
      check();
      submission.onProgress?.(count);
    },
  });
}

export async function campaignOf({
  letter,
  kind,
  subject,
}: Pick<CampaignSubmission, 'letter' | 'kind' | 'subject'>): Promise<CampaignDraft> {
  const hours = kind === 'send' ? letter.settings.sendingHours : null;
  return {
    kind,
    newsletter: subject === undefined ? letter.newsletter : { ...letter.newsletter, subject },
    settings: letter.settings,
    document: { path: pathOf(letter.uri), text: letter.document.text, commit: await commitOf(letter.uri) },
    recipients: pinnedLists(letter.list, (file) => pathOf(vscode.Uri.parse(file))),
    ...(kind === 'send' ? { letter: { key: letter.key, once: '', again: letter.again } } : {}),
    ...(hours ? { hours } : {}),
  };
}

interface Batch {
  rows: readonly Recipient[];
  refused: readonly RefusedRow[];
}

async function* oneBatch(rows: readonly Recipient[]): AsyncGenerator<Batch> {
  yield { rows, refused: [] };
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
