import type { Recipient } from '../shared/recipient.ts';
import { analyzeLiquid, hasLiquid } from './liquid/analysis.ts';
import { createProgram, type Program } from './liquid/program.ts';
import { attachmentOf } from './message/attachments.ts';
import { rowImagePath } from './message/rowImages.ts';
import { createValueReader } from './message/values.ts';
import type { Newsletter } from './newsletter.ts';
import { usableLang } from './values/lang.ts';

/**
 * Lists the attachments and images whose path differs by recipient, so that they can be pinned too: null when there are
 * none and the rows need not be read. The function throws a UserError for a path that leads outside, and liquidjs' errors.
 */
export function createAttachmentPaths(newsletter: Newsletter): ((recipient: Recipient) => string[]) | null {
  const sources = newsletter.attachments.map((attachment) => attachment.path).filter(hasLiquid);
  const images = (newsletter.rowImages ?? []).map((image) => image.path);
  if (sources.length + images.length === 0) return null;
  const origin = { file: '', line: 1, column: 1 };
  const names = new Set([...sources, ...images].flatMap((source) => analyzeLiquid(source, 'text', origin, null).names));
  const programs = sources.map((source) => createProgram(source, 'text'));
  const imagePrograms = images.map((source) => createProgram(source, 'text'));
  const valuesOf = createValueReader([...names], newsletter, (recipient) => ({
    address: recipient.address,
    email: recipient.address,
    from_name: newsletter.from.name,
    from_address: newsletter.from.address,
  }));
  return (recipient) => {
    const values = valuesOf(recipient);
    values.envoi_lang = usableLang(newsletter.lang);
    const render = (program: Program) => program.render(values).join('');
    return [
      ...programs.map((program) => attachmentOf(render(program))?.path),
      ...imagePrograms.map((program) => rowImagePath(render(program))),
    ].filter((path) => path !== undefined);
  };
}
