import * as vscode from 'vscode';
import type { Finding } from '../../shared/errors.ts';
import { loadCompose } from '../openLetter/compose.ts';
import { frontMatterEdit } from '../openLetter/frontMatterEdit.ts';
import { say } from '../text.ts';
import type { Diagnostics } from './diagnostics.ts';
import { MOVE_PASSWORD } from './movePassword.ts';
import { languages } from './newsletterDocument.ts';
import { isSettingsFile } from './settingsFile.ts';

type Make = (
  finding: Finding,
  document: vscode.TextDocument,
  range: vscode.Range,
) => (vscode.CodeAction | null)[] | Promise<(vscode.CodeAction | null)[]>;

/** The only registration: a problem's code and its fixes, the best first. */
const fixes: Record<string, Make> = {
  unknownField: ({ data }, document, range) => [
    data?.suggestion ? replaceWord(document, range, data.field ?? '', data.suggestion) : null,
    command(vscode.l10n.t('Choose Another List…'), 'envoi.chooseRecipients', document.uri),
  ],
  fieldEmpty: ({ data }, document, range) => [giveDefault(document, range, data?.field ?? '')],
  statusUnclear: ({ data }, document) => [
    decideColumn(document, data, vscode.l10n.t('Leave These Rows Out')),
    decideColumn(document, data && { ...data, values: '' }, vscode.l10n.t('The Column Is About Something Else')),
  ],
  addressTypo: ({ data }, document, range) => [replaceWord(document, range, data?.word ?? '', data?.suggestion ?? '')],
  addressColumns: ({ data }, document) =>
    [data?.taken, data?.other].map((column) =>
      column ? setKey(document, 'address', column, vscode.l10n.t('Use the Addresses in “{0}”', column)) : null,
    ),
  subjectMissing: (_, document) => [
    setKey(document, 'subject', vscode.l10n.t('Our news'), vscode.l10n.t('Add a Subject')),
  ],
  fromMissing: (_, document) => [
    command(vscode.l10n.t('Set envoi.from in the Settings'), 'workbench.action.openSettings', 'envoi.from'),
    setKey(document, 'from', 'Your Name <you@example.org>', vscode.l10n.t('Add “from” to the Front Matter')),
  ],
  recipientsMissing: (_, document) => [
    command(vscode.l10n.t('Choose Recipients…'), 'envoi.chooseRecipients', document.uri),
  ],
  listMissing: (_, document) => [command(vscode.l10n.t('Choose Recipients…'), 'envoi.chooseRecipients', document.uri)],
  listOutside: (_, document) => [command(vscode.l10n.t('Choose Recipients…'), 'envoi.chooseRecipients', document.uri)],
  unsubscribeMissing: (_, document) => [settingsAction('envoi.unsubscribe'), internal(document)],
  postalAddressMissing: (_, document) => [settingsAction('envoi.postalAddress'), internal(document)],
  mergeTag: ({ data }, document, range) => [
    data?.suggestion ? replaceWord(document, range, data.tag ?? '', data.suggestion) : null,
  ],
  langMissing: (_, document) => [
    setKey(document, 'lang', vscode.env.language, vscode.l10n.t('Set the Language of the Letter')),
  ],
  wrongEncoding: (_, document) => [
    command(vscode.l10n.t('Reopen with Encoding…'), 'workbench.action.editor.changeEncoding', document.uri),
  ],
  imageAlt: (_, document, range) => [addAlt(document, range)],
  clientSupport: async ({ data }, document, range) => [await repaired(document, range, data?.construct ?? '')],
  insecureLink: ({ data }, document, range) => [replaceLink(document, range, data)],
  deadLink: ({ data }, document, range) => [replaceLink(document, range, data)],
  frontMatterYaml: (finding, document, range) => [putQuotes(finding, document, range)],
  frontMatterType: (finding, document, range) => [putQuotes(finding, document, range)],
  frontMatterComment: (finding, document, range) => [putQuotes(finding, document, range)],
  frontMatterSpelling: (finding, document, range) => [renameKey(finding, document, range)],
  passwordInSettings: ({ data }, document) => [
    command(vscode.l10n.t('Move the Password to the Keyring'), MOVE_PASSWORD, document.uri, data?.server ?? ''),
  ],
  unknownServer: (finding, document, range) => [
    ...otherServers(finding, document, range),
    command(vscode.l10n.t('Add Server…'), 'envoi.addServer'),
  ],
  unknownSetting: ({ data, place }, document, range) => [
    data?.suggestion
      ? replaceWord(document, range, String(place.key?.split('.').at(-1)), data.suggestion.split('.').at(-1) ?? '')
      : null,
  ],
  secretInClear: (_, document, range) => [replaceWord(document, range, '"none"', '"starttls"')],
};

export function registerQuickFixes(diagnostics: Diagnostics): vscode.Disposable {
  const provider: vscode.CodeActionProvider = {
    async provideCodeActions(document, _range, { diagnostics: shown }) {
      const all: vscode.CodeAction[] = [];
      for (const diagnostic of shown) {
        const finding = diagnostic.source === 'Envoi' && diagnostics.findingOf(document.uri, diagnostic);
        if (!finding) continue;
        const key = finding.place.key ?? '';
        // A setting is fixed where it is set; the letter only offers the way there.
        const elsewhere = key.startsWith('envoi.') && !isSettingsFile(document);
        const made = elsewhere
          ? [settingsAction(key.split('.').slice(0, 2).join('.'))]
          : ((await fixes[finding.code]?.(finding, document, diagnostic.range)) ?? []);
        const actions = made.filter((action) => action !== null);
        for (const [at, action] of actions.entries()) {
          action.diagnostics = [diagnostic];
          action.isPreferred = at === 0 && action.edit !== undefined;
        }
        all.push(...actions);
      }
      return all;
    },
  };
  const selector = [...languages, 'json', 'jsonc', 'csv', 'plaintext'].map((language) => ({ language }));
  return vscode.languages.registerCodeActionsProvider(selector, provider, {
    providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
  });
}

function action(title: string): vscode.CodeAction {
  return new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
}

function command(title: string, id: string, ...args: unknown[]): vscode.CodeAction {
  const made = action(title);
  made.command = { title, command: id, arguments: args };
  return made;
}

function settingsAction(key: string): vscode.CodeAction {
  return command(vscode.l10n.t('Set {0} in the Settings', key), 'workbench.action.openSettings', key);
}

function edited(title: string, document: vscode.TextDocument, range: vscode.Range, text: string): vscode.CodeAction {
  const made = action(title);
  made.edit = new vscode.WorkspaceEdit();
  made.edit.replace(document.uri, range, text);
  return made;
}

function setKey(document: vscode.TextDocument, key: string, value: string, title: string): vscode.CodeAction {
  const edit = frontMatterEdit(document.getText(), key, value);
  return edited(
    title,
    document,
    new vscode.Range(document.positionAt(edit.from), document.positionAt(edit.to)),
    edit.text,
  );
}

/** What a column means goes under `leaveOut`, next to existing entries. */
function decideColumn(document: vscode.TextDocument, data: Finding['data'], title: string): vscode.CodeAction | null {
  if (!data?.column) return null;
  const value = `${JSON.stringify(data.column)}: ${data.values || 'ignore'}`;
  const text = document.getText();
  const there = /^leaveOut:[ \t]*\{([^\n}]*)\}/m.exec(text);
  if (there) {
    const at = there.index + there[0].length - 1;
    const range = new vscode.Range(document.positionAt(at), document.positionAt(at));
    return edited(title, document, range, `${there[1]?.trim() ? ', ' : ' '}${value} `);
  }
  if (/^leaveOut:/m.test(text)) return null;
  const recipients = /^recipients:/m.exec(text);
  if (!recipients) return null;
  const place = document.positionAt(recipients.index);
  return edited(title, document, new vscode.Range(place, place), `leaveOut: { ${value} }\n`);
}

function internal(document: vscode.TextDocument): vscode.CodeAction {
  return setKey(document, 'kind', 'internal', vscode.l10n.t('Mark as Internal Mail: Add “kind: internal”'));
}

/** Replaces the word in the range, or on its line. */
function replaceWord(
  document: vscode.TextDocument,
  range: vscode.Range,
  word: string,
  by: string,
): vscode.CodeAction | null {
  const line = document.lineAt(range.start.line);
  const at = line.text.indexOf(word, Math.max(0, Math.min(range.start.character, line.text.length - word.length)));
  const start = at === -1 ? line.text.indexOf(word) : at;
  if (word === '' || start === -1) return null;
  const place = new vscode.Range(range.start.line, start, range.start.line, start + word.length);
  return edited(vscode.l10n.t('Replace with “{0}”', by), document, place, by);
}

/** Repairs for constructs that mail programs do not show. */
async function repaired(
  document: vscode.TextDocument,
  range: vscode.Range,
  construct: string,
): Promise<vscode.CodeAction | null> {
  const { repairOf } = await loadCompose();
  const repair = repairOf(construct, document.getText(), document.offsetAt(range.start));
  if (!repair) return null;
  const place = new vscode.Range(document.positionAt(repair.from), document.positionAt(repair.to));
  return edited(say(repair.title), document, place, repair.text);
}

function giveDefault(document: vscode.TextDocument, range: vscode.Range, field: string): vscode.CodeAction | null {
  const source = document.getText(range);
  const inside = /^\{\{(-?)\s*([\s\S]*?)\s*(-?)\}\}$/.exec(source);
  if (!inside) return null;
  const quote = document.lineAt(range.start.line).text.slice(0, range.start.character).includes('"') ? "'" : '"';
  const text = `{{${inside[1]} ${inside[2]} | default: ${quote}…${quote} ${inside[3]}}}`;
  return edited(vscode.l10n.t('Give “{0}” a Default', field), document, range, text);
}

function addAlt(document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction | null {
  const line = document.lineAt(range.start.line);
  const text = vscode.l10n.t('What the image shows');
  const title = vscode.l10n.t('Add Alternative Text');
  const markdown = line.text.indexOf('![](', Math.max(0, range.start.character - 4));
  if (markdown !== -1)
    return edited(
      title,
      document,
      new vscode.Range(range.start.line, markdown + 2, range.start.line, markdown + 2),
      text,
    );
  const html = /<img\b(?![^>]*\balt\s*=)/i.exec(line.text);
  if (!html) return null;
  const at = html.index + 4;
  return edited(title, document, new vscode.Range(range.start.line, at, range.start.line, at), ` alt="${text}"`);
}

function replaceLink(
  document: vscode.TextDocument,
  range: vscode.Range,
  data: Finding['data'],
): vscode.CodeAction | null {
  return data?.href && data.suggestion ? replaceWord(document, range, data.href, data.suggestion) : null;
}

function putQuotes({ data }: Finding, document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction | null {
  return data?.quoted ? edited(vscode.l10n.t('Put It in Quotes'), document, range, data.quoted) : null;
}

function renameKey(finding: Finding, document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction | null {
  const meant = finding.text.args[1];
  return typeof meant === 'string' ? replaceWord(document, range, finding.place.key ?? '', meant) : null;
}

function otherServers(
  finding: Finding,
  document: vscode.TextDocument,
  range: vscode.Range,
): (vscode.CodeAction | null)[] {
  const names = Object.keys(
    vscode.workspace.getConfiguration('envoi').inspect<Record<string, unknown>>('servers')?.globalValue ?? {},
  );
  return [...names, 'direct'].map((name) => replaceWord(document, range, finding.data?.server ?? '', name));
}
