import { msg } from '../shared/errors.ts';
import { type Command, commands } from './commands.ts';
import { described, paragraph, textWidth, wrap } from './layout.ts';
import { bold, dim } from './terminal.ts';
import { say } from './words.ts';

/** For one command, or for all when none is named. No line is wider than the terminal. */
export function help(name?: string, width = textWidth(process.stdout.columns)): string {
  const command = commands.find((known) => known.name === name);
  return (command ? helpOf(command, width) : overview(width)).join('\n');
}

function helpOf({ name, form, what, options, notes = [] }: Command, width: number): string[] {
  const [first = '', ...further] = wrap(`envoi ${name} ${unbroken(form)}`.trim(), width - 2).map(broken);
  const title = `envoi ${name}`;
  return [
    bold(title) + first.slice(title.length),
    ...further.map((line) => `  ${line}`),
    '',
    ...paragraph(sentence(say(what)), width),
    '',
    ...described(
      options.map(([option, text]) => [option, say(text)]),
      width,
      dim,
    ),
    ...(notes.length > 0 ? [''] : []),
    ...notes.flatMap((note) => paragraph(say(note), width, '  ', '    ')),
  ];
}

function overview(width: number): string[] {
  const names = commands.map(({ name, what }) => [name, say(what)] as const);
  const notes = [
    msg(
      'Settings: --config FILE (JSON with comments), else ENVOI_CONFIG, else envoi.json next to the document (envoi trust).',
    ),
    msg('Passwords: ENVOI_PASSWORD_<SERVER> (OAuth: ENVOI_TOKEN_<SERVER>), or they are asked for.'),
    msg('Exit codes: 0 all sent · 1 some failed · 2 refused, nothing sent · 3 interrupted, resumable'),
  ];
  return [
    ...paragraph(
      say(msg('{0}: sends a Markdown or HTML document as a newsletter to a CSV list', bold('envoi'))),
      width,
      '',
    ),
    '',
    ...described(names, width, dim),
    '',
    ...paragraph(say(msg('{0} shows more.', 'envoi COMMAND --help')), width),
    '',
    ...notes.flatMap((note) => paragraph(withCodes(say(note)), width, '  ', '    ')),
  ];
}

/** An exit code stays beside its meaning. */
function withCodes(text: string): string {
  return text.replace(/(?<=· \d) /g, '\u00a0');
}

/** What is in brackets stays on one line. */
function unbroken(form: string): string {
  return form.replace(/\[[^[\]]*\]/g, (part) => part.replaceAll(' ', '\u00a0'));
}

function broken(line: string): string {
  return line.replaceAll('\u00a0', ' ');
}

function sentence(what: string): string {
  return `${what[0]?.toUpperCase()}${what.slice(1)}.`;
}
