import * as vscode from 'vscode';
import { parseMailbox } from '../../shared/address.ts';
import type { Finding } from '../../shared/errors.ts';
import { inputStep, runSteps, type StepPlace } from '../asking/multiStep.ts';

/** What a first newsletter lacks, and which setting holds it. */
const missing = {
  fromMissing: 'from',
  unsubscribeMissing: 'unsubscribe',
  postalAddressMissing: 'postalAddress',
} as const;

type Missing = keyof typeof missing;

/** Which of the errors can be fixed by asking once; in the order of asking. */
export function askable(findings: readonly Finding[]): Missing[] {
  const codes = new Set(findings.filter(({ severity }) => severity === 'error').map(({ code }) => code));
  return (Object.keys(missing) as Missing[]).filter((code) => codes.has(code));
}

/** Asks for sender, unsubscribe address and postal address, as far as they are missing, and saves them. */
export async function setUpSender(codes: readonly Missing[]): Promise<void> {
  const answers = new Map<Missing, string>();
  const steps = codes.map((code) => ({
    name: code,
    isAsked: () => true,
    async ask(place: StepPlace) {
      const asked = questionOf(code);
      const question = {
        ...place,
        title: vscode.l10n.t('Before the first newsletter'),
        value: answers.get(code) ?? asked.proposal(answers),
        prompt: asked.prompt,
        placeholder: asked.placeholder,
        check: asked.check,
      };
      return inputStep(question, (answer) => void answers.set(code, answer.trim()));
    },
  }));
  await runSteps(steps);
  const configuration = vscode.workspace.getConfiguration('envoi');
  for (const [code, answer] of answers) {
    const value = code === 'unsubscribeMissing' ? { mailto: answer } : answer;
    await configuration.update(missing[code], value, vscode.ConfigurationTarget.Global);
  }
}

interface Question {
  prompt: string;
  placeholder: string;
  proposal: (answers: ReadonlyMap<Missing, string>) => string;
  check: (value: string) => string | undefined;
}

function questionOf(code: Missing): Question {
  const address = (value: string) =>
    parseMailbox(value).ok ? undefined : vscode.l10n.t('Enter an address such as ada@example.org.');
  switch (code) {
    case 'fromMissing':
      return {
        prompt: vscode.l10n.t('Sender of your newsletters: name and address. Saved as envoi.from.'),
        placeholder: 'Ada Byron <ada@example.org>',
        proposal: () => '',
        check: address,
      };
    case 'unsubscribeMissing':
      return {
        prompt: vscode.l10n.t(
          'Address readers use to unsubscribe. It appears in every letter. Saved as envoi.unsubscribe, where you can also set a web page.',
        ),
        placeholder: 'leave@example.org',
        proposal: (answers) => {
          const from = parseMailbox(answers.get('fromMissing') ?? '');
          return from.ok ? from.address : '';
        },
        check: (value) => (/[<>\s]/.test(value.trim()) ? vscode.l10n.t('Enter only the address.') : address(value)),
      };
    case 'postalAddressMissing':
      return {
        prompt: vscode.l10n.t(
          'Your postal address, on one line. Many countries require it in newsletters. Saved as envoi.postalAddress.',
        ),
        placeholder: vscode.l10n.t('Company, street, town'),
        proposal: () => '',
        check: (value) => (value.trim() === '' ? vscode.l10n.t('Enter the address.') : undefined),
      };
    default:
      return code satisfies never;
  }
}
