import * as vscode from 'vscode';
import { Cancelled, notCancelled } from '../errors.ts';
import type { HostServices } from '../hostServices.ts';
import { frontMatterEdit } from '../openLetter/frontMatterEdit.ts';
import { allowList, writtenPath } from '../openLetter/listUri.ts';

const LANGUAGES = ['en', 'fr'];
const LISTS: Record<string, string> = { en: 'recipients.csv', fr: 'destinataires.csv' };

/** A letter from a template, with a sample list beside it, so that the first preview shows real people. */
export async function newNewsletter(services: HostServices, list?: unknown): Promise<void> {
  const given = list instanceof vscode.Uri && /\.(?:csv|tsv|txt)$/i.test(list.path) ? list : undefined;
  const language = LANGUAGES.find((item) => vscode.env.language.toLowerCase().startsWith(item)) ?? 'en';
  const folder = vscode.Uri.joinPath(services.context.extensionUri, 'media', 'templates', language);
  const items = [
    {
      label: `$(book) ${vscode.l10n.t('Monthly Newsletter')}`,
      detail: vscode.l10n.t('A greeting, three short items and a table of dates'),
      template: 'monthlyLetter.md',
    },
    {
      label: `$(megaphone) ${vscode.l10n.t('Announcement')}`,
      detail: vscode.l10n.t('What, when, where, and one link'),
      template: 'announcement.md',
    },
    {
      label: `$(note) ${vscode.l10n.t('Plain Note')}`,
      detail: vscode.l10n.t('Plain text, as if typed by hand'),
      template: 'plainNote.md',
    },
  ];
  const chosen = notCancelled(
    await vscode.window.showQuickPick(items, {
      title: vscode.l10n.t('New newsletter'),
      placeHolder: vscode.l10n.t('Start with'),
      matchOnDetail: true,
    }),
  );
  const template = new TextDecoder().decode(
    await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, chosen.template)),
  );
  const target = await askPlace();
  const text = given ? withList(template, writtenPath(target, given)) : template;
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
  if (given) await allowList(given, services.context);
  else await copySampleList(folder, LISTS[language] ?? 'recipients.csv', target);
  const document = await vscode.workspace.openTextDocument(target);
  const editor = await vscode.window.showTextDocument(document, { preview: false });
  // The subject without its quotes: typed over, it stays valid YAML whatever is written.
  const [, before = '', subject = ''] = /^(subject: "?)(.*?)"?$/m.exec(text) ?? [];
  const start = text.indexOf(before + subject) + before.length;
  editor.selection = new vscode.Selection(document.positionAt(start), document.positionAt(start + subject.length));
}

function withList(template: string, path: string): string {
  const { from, to, text } = frontMatterEdit(template, 'recipients', path);
  return template.slice(0, from) + text + template.slice(to);
}

async function copySampleList(folder: vscode.Uri, name: string, letter: vscode.Uri): Promise<void> {
  const target = vscode.Uri.joinPath(letter, '..', name);
  if (!(await exists(target))) await vscode.workspace.fs.copy(vscode.Uri.joinPath(folder, name), target);
}

async function askPlace(): Promise<vscode.Uri> {
  const [folder, ...more] = vscode.workspace.workspaceFolders ?? [];
  if (!folder || more.length > 0) {
    const chosen = await vscode.window.showSaveDialog({
      ...(folder ? { defaultUri: vscode.Uri.joinPath(folder.uri, 'newsletter.md') } : {}),
      filters: { Markdown: ['md'] },
      title: vscode.l10n.t('New newsletter'),
    });
    return notCancelled(chosen);
  }
  const name = notCancelled(
    await vscode.window.showInputBox({
      title: vscode.l10n.t('New newsletter'),
      prompt: vscode.l10n.t('File name, in {0}', folder.name),
      value: await freeName(folder.uri),
      valueSelection: [0, 'newsletter'.length],
      validateInput: async (value) => {
        if (!/^[^\\/:*?"<>|]+(?:\/[^\\/:*?"<>|]+)*\.md$/.test(value.trim()))
          return vscode.l10n.t('The file name must end in .md.');
        return (await exists(vscode.Uri.joinPath(folder.uri, value.trim())))
          ? vscode.l10n.t('A file with this name already exists.')
          : undefined;
      },
    }),
  );
  const target = vscode.Uri.joinPath(folder.uri, name.trim());
  if (await exists(target)) throw new Cancelled();
  return target;
}

async function freeName(folder: vscode.Uri): Promise<string> {
  for (let n = 1; ; n++) {
    const name = n === 1 ? 'newsletter.md' : `newsletter-${n}.md`;
    if (!(await exists(vscode.Uri.joinPath(folder, name)))) return name;
  }
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}
