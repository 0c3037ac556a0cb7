import type { PreviewProblem, PreviewStrings } from '../../src/protocol/previewMessages.ts';
import { count, make } from '../shared/dom.ts';
import { type IconName, icon } from '../shared/icons.ts';

/** Something to know that is no problem; pressing it leads somewhere. */
export interface Note {
  text: string;
  level: 'info' | 'warning';
  act(): void;
}

export interface ProblemList {
  /** On the line: how many there are; it opens the list. */
  badge: HTMLElement;
  element: HTMLElement;
  setProblems(problems: readonly PreviewProblem[]): void;
  setNotes(notes: readonly Note[]): void;
}

const icons: Record<PreviewProblem['severity'], IconName> = { error: 'error', warning: 'warning', info: 'info' };

/** What blocks sending and what one should know: a badge on the line, and the list on demand. */
export function problemList(
  words: PreviewStrings,
  start: { open: boolean },
  events: { open(index: number): void; toggled(open: boolean): void },
): ProblemList {
  const badge = make('button', { type: 'button', class: 'problem-badge', 'aria-controls': 'problems' });
  const rows = make('ul', { class: 'strip-list' });
  const element = make('section', { class: 'strip', id: 'problems', 'aria-label': words.problems }, rows);
  let open = start.open;
  let problems: readonly PreviewProblem[] = [];
  let notes: readonly Note[] = [];
  const draw = () => {
    const some = problems.length + notes.length > 0;
    badge.hidden = !some;
    element.hidden = !some || !open;
    badge.setAttribute('aria-expanded', String(open));
    badge.title = summary(words, problems) || words.problems;
    badge.replaceChildren(
      make('span', { class: 'hidden-label' }, badge.title),
      make('span', { class: 'counts', 'aria-hidden': 'true' }, ...badgeParts(problems, notes.length)),
    );
    rows.replaceChildren(
      ...problems.map((problem, index) => row(problem.severity, problem.text, problem.where, () => events.open(index))),
      ...notes.map((note) => row(note.level, note.text, '', note.act)),
    );
  };
  badge.addEventListener('click', () => {
    open = !open;
    draw();
    events.toggled(open);
  });
  draw();
  return {
    badge,
    element,
    setProblems(next) {
      problems = next;
      draw();
    },
    setNotes(next) {
      notes = next;
      draw();
    },
  };
}

function badgeParts(problems: readonly PreviewProblem[], notes: number): HTMLElement[] {
  const of = (severity: PreviewProblem['severity']) => problems.filter((one) => one.severity === severity).length;
  const counts = { error: of('error'), warning: of('warning'), info: of('info') + notes };
  return (['error', 'warning', 'info'] as const)
    .filter((severity) => counts[severity] > 0)
    .map((severity) => make('span', { class: `count ${severity}` }, icon(icons[severity]), `${counts[severity]}`));
}

function summary(words: PreviewStrings, problems: readonly PreviewProblem[]): string {
  const errors = problems.filter((problem) => problem.severity === 'error').length;
  const others = problems.length - errors;
  return [
    errors > 0 ? count(words.blocks1, words.blocks, errors) : '',
    others > 0 ? count(words.warnings1, words.warnings, others) : '',
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

function row(severity: PreviewProblem['severity'], text: string, where: string, act: () => void): HTMLElement {
  return make(
    'li',
    {},
    make(
      'button',
      { type: 'button', class: `strip-row ${severity}`, click: act },
      icon(icons[severity]),
      make('span', { class: 'strip-text' }, text),
      where ? make('span', { class: 'strip-where' }, where) : null,
    ),
  );
}
