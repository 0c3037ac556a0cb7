import { msg } from '../../shared/errors.ts';
import { type Advice, finding } from './check.ts';

/** Gmail clips a letter at about this many bytes of HTML, and with it the unsubscribe link. */
export const CLIP_BYTES = 100_000;
export const CLIP_WARNING_BYTES = 90_000;

export const clipped: Advice = {
  code: 'clipped',
  check({ document, newsletter, size }) {
    const bytes = size ?? Buffer.byteLength(newsletter?.html ?? '');
    if (bytes < CLIP_WARNING_BYTES) return [];
    const place = { file: document.path, line: document.bodyLine, column: 1 };
    const kilobytes = Math.round(bytes / 1000);
    if (bytes < CLIP_BYTES) {
      const text = msg(
        'The letter has {0} kB of HTML. Gmail clips messages at {1} kB: shorten it.',
        kilobytes,
        CLIP_BYTES / 1000,
      );
      return [finding('clipped', 'warning', text, place)];
    }
    const text = msg(
      'The letter has {0} kB of HTML. Gmail clips it at {1} kB and hides the unsubscribe link: shorten it.',
      kilobytes,
      CLIP_BYTES / 1000,
    );
    return [finding('clipped', newsletter?.kind === 'internal' ? 'warning' : 'error', text, place)];
  },
};
