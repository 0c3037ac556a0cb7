import { msg } from '../../shared/errors.ts';
import { type Advice, finding } from './check.ts';

/** Many mail programs hide images at first, and some readers use a screen reader: the text is all they get. */
export const imageAlt: Advice = {
  code: 'imageAlt',
  check: ({ elements }) =>
    elements.images
      .filter((image) => image.alt === undefined && image.src !== '')
      .map(({ src, place }) => {
        const text = msg('The image {0} has no alternative text: ![what it shows](…)', src);
        return finding('imageAlt', 'warning', text, place, { src });
      }),
};
