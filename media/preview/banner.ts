import type { PreviewFailure, PreviewStrings } from '../../src/protocol/previewMessages.ts';
import { make } from '../shared/dom.ts';
import { icon } from '../shared/icons.ts';

/** Why the letter below is not the latest text, with a link to the error. */
export function banner(
  words: PreviewStrings,
  go: () => void,
): { element: HTMLElement; set(failure: PreviewFailure | null, hasLetter: boolean): void } {
  const element = make('div', { class: 'banner', role: 'alert' });
  element.hidden = true;
  return {
    element,
    set(failure, hasLetter) {
      element.hidden = failure === null;
      if (!failure) return;
      element.replaceChildren(
        icon('error'),
        make(
          'div',
          { class: 'banner-text' },
          make('strong', {}, failure.text),
          ` ${failure.remedy} `,
          hasLetter ? words.lastGood : '',
        ),
      );
      if (failure.hasPlace) element.append(make('button', { type: 'button', class: 'link', click: go }, words.goThere));
    },
  };
}
