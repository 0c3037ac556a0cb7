import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { ListProfile, ProfileBuilder } from '../../compose/index.ts';
import type { ListField } from '../../compose/recipients/listHeader.ts';
import { foldAddress } from '../../shared/address.ts';
import { msg, UserError } from '../../shared/errors.ts';
import type { Recipient, RefusalReason } from '../../shared/recipient.ts';
import type { loadCompose } from '../compose.ts';
import { Cancelled } from '../errors.ts';

/** What one pass over the list found. Rows themselves are not kept, but the first few. */
export interface ListSummary {
  uri: vscode.Uri;
  sha256: string;
  fields: readonly ListField[];
  good: number;
  refused: number;
  byReason: Record<RefusalReason, number>;
  /** Good rows that are on the suppression list; they are counted in `suppressed` and not in `good`. */
  suppressed: number;
  first: readonly Recipient[];
  /** Of the rows that get a message; null when the list has not even a header. */
  profile: ListProfile | null;
}

export interface ReadListOptions {
  isSuppressed: (address: string) => boolean;
  token?: vscode.CancellationToken;
  /** Called with each good row. */
  onRow?: (row: Recipient) => void | Promise<void>;
}

const KEEP = 200;

/** One pass over the whole list in flat memory. Throws a UserError when it is not there or not a list. */
export async function readList(
  compose: Awaited<ReturnType<typeof loadCompose>>,
  uri: vscode.Uri,
  options: ReadListOptions,
): Promise<ListSummary> {
  const hash = createHash('sha256');
  const summary = {
    uri,
    sha256: '',
    fields: [] as readonly ListField[],
    good: 0,
    refused: 0,
    byReason: { noAddress: 0, invalidAddress: 0, duplicate: 0, suppressed: 0, malformedRow: 0 },
    suppressed: 0,
    first: [] as Recipient[],
    profile: null as ListProfile | null,
  };
  let builder: ProfileBuilder | undefined;
  const source = compose.hashing(streamOf(uri), hash);
  for await (const batch of compose.readRecipients(source, { file: uri.toString() })) {
    if (options.token?.isCancellationRequested) throw new Cancelled();
    summary.fields = batch.header.fields;
    builder ??= new compose.ProfileBuilder(uri.toString(), batch.header);
    for (const row of batch.refused) {
      summary.refused++;
      summary.byReason[row.reason]++;
      builder.refuse(row);
    }
    for (const row of batch.rows) {
      if (options.isSuppressed(foldAddress(row.address))) summary.suppressed++;
      else {
        summary.good++;
        builder.add(row);
        if (summary.first.length < KEEP) summary.first.push(row);
        await options.onRow?.(row);
      }
    }
  }
  summary.sha256 = hash.digest('hex');
  summary.profile = builder?.profile ?? null;
  return summary;
}

/**
 * The list's bytes: of its editor when it is open there with unsaved changes, streamed from disk when it is a file,
 * whole through the editor's file system otherwise (which has no streams).
 */
export async function* streamOf(uri: vscode.Uri): AsyncGenerator<Uint8Array> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open?.isDirty) {
    yield new TextEncoder().encode(open.getText());
    return;
  }
  if (uri.scheme === 'file') {
    const found = await stat(uri.fsPath).catch(() => null);
    if (!found?.isFile()) throw missing(uri);
    yield* createReadStream(uri.fsPath, { highWaterMark: 256 * 1024 }) as AsyncIterable<Uint8Array>;
    return;
  }
  let bytes: Uint8Array;
  try {
    bytes = await vscode.workspace.fs.readFile(uri);
  } catch {
    throw missing(uri);
  }
  for (let at = 0; at < bytes.length; at += 256 * 1024) yield bytes.subarray(at, at + 256 * 1024);
}

function missing(uri: vscode.Uri): UserError {
  const path = vscode.workspace.asRelativePath(uri);
  return new UserError(
    'missing',
    msg('The list {0} is not there.', path),
    msg('Correct “recipients”, or use “Envoi: Choose Recipients…”.'),
    { file: uri.toString() },
  );
}
