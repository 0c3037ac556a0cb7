import type { Confirmation } from '../../letter/plan/confirmation.ts';
import { msg, type Text } from '../../shared/errors.ts';
import { plural, type Words } from '../../shared/words.ts';

/** What only this editor knows. */
export interface EditorNotes {
  warnings: number;
  unsaved: boolean;
  /** Whether a test of exactly this text was sent before. */
  tested: boolean;
  /** Closing the window stops sending. */
  dependsOnWindow: boolean;
}

/** What should make a person hesitate, the most serious first. */
export function editorNotes({ warnings, unsaved, tested, dependsOnWindow }: EditorNotes): Text[] {
  return [
    ...(unsaved ? [msg('The document has unsaved changes. What you see in the editor is what is sent.')] : []),
    ...(tested ? [] : [msg('This text has not been sent as a test yet.')]),
    ...(warnings > 0 ? [msg('Warnings in the Problems view: {0}', warnings)] : []),
    ...(dependsOnWindow ? [msg('Sending stops when this window closes.')] : []),
  ];
}

/**
 * The confirmation as the modal lays it out: six lines at most. Who is left out is next to who is not; of what
 * should make a person hesitate the first is shown, and how much more there is on the page “Before You Send”.
 */
export function modalOf(
  { question, lines, button, notes }: Confirmation,
  more: readonly Text[],
  { say }: Words,
): { question: string; detail: string; button: string } {
  const out = lines.find(({ kind }) => kind === 'leftOut');
  const shown = lines
    .filter(({ kind }) => kind !== 'leftOut')
    .map(({ kind, label, text }) =>
      kind === 'to' && out
        ? say(msg('{0}: {1}; {2}: {3}', label, text, out.label.toLowerCase(), out.text))
        : say(msg('{0}: {1}', label, text)),
    );
  const hesitate = [...notes, ...more.map(say)];
  const [first, ...others] = hesitate;
  const rest =
    others.length > 0
      ? ` ${say(plural('And {0} more thing to check.', 'And {0} more things to check.', others.length))}`
      : '';
  return { question, button, detail: [...shown, ...(first ? [`⚠ ${first}${rest}`] : [])].join('\n') };
}
