import { rateText, spanText } from '../../shared/duration.ts';
import { msg, type Text } from '../../shared/errors.ts';
import type { Foresight } from '../../shared/foresight.ts';
import { DIRECT } from '../../shared/settings.ts';
import { plural } from '../../shared/words.ts';

/** “about 7 s: 200 via office, 86 via backup; office waits because of its limit of 200/hour”. */
export function foresightText(foresight: Foresight): Text {
  const time = timeText(foresight);
  const by = byText(foresight);
  const taken = by ? msg('{0}: {1}', time, by) : time;
  const limits = waitsText(foresight);
  return limits ? msg('{0}; {1}', taken, limits) : taken;
}

/** “about 4 h 20 min”. */
export function timeText({ startAt, endAt, end }: Foresight): Text {
  const span = roughly(Math.max(1000, endAt - startAt));
  switch (end) {
    case 'done':
      return msg('about {0}', span);
    case 'open':
      return msg('more than {0}', span);
    case 'stopped':
      return msg('it would stop after {0}', span);
    default:
      return end satisfies never;
  }
}

/** “200 via office, 86 via direct delivery”. */
export function byText({ by, total }: Pick<Foresight, 'by' | 'total'>): Text | null {
  const parts = by.map(({ transport, sent }) => plural('{0} via {1}', '{0} via {1}', sent, wayText(transport)));
  const [only] = by;
  if (only && by.length === 1 && only.sent === total) return msg('all via {0}', wayText(only.transport));
  return joined(parts);
}

/** “office waits because of its limit of 200/hour”; null where nothing waits. */
export function waitsText({ waits }: Pick<Foresight, 'waits'>): Text | null {
  return joined(
    waits.map(({ transport, ...window }) => msg('{0} waits because of its limit of {1}', transport, rateText(window))),
  );
}

/** A transport as people call it. */
export function wayText(transport: string): Text {
  return transport === DIRECT ? msg('direct delivery') : msg('{0}', transport);
}

export function joined(texts: readonly Text[]): Text | null {
  return texts.length > 0 ? texts.reduce((all, text) => msg('{0}, {1}', all, text)) : null;
}

/** Rounded: a forecast in minutes is not accurate to the second. */
function roughly(ms: number): Text {
  const step =
    ms < 60_000 ? 1000 : ms < 600_000 ? 10_000 : ms < 7_200_000 ? 60_000 : ms < 86_400_000 ? 600_000 : 3_600_000;
  return spanText(Math.max(step, Math.round(ms / step) * step));
}
