import { msg, type Text } from '../../shared/errors.ts';
import { blockAround } from './blocks.ts';

/** A change of the letter's text, as offsets from its beginning, with its title. */
export interface Repair {
  title: Text;
  from: number;
  to: number;
  text: string;
}

type Make = (text: string, from: number) => Repair | null;

/** Properties that can be removed without harm: the letter stays readable without them. */
const decoration = [
  'css-position',
  'css-gap',
  'css-object-fit',
  'css-transform',
  'css-animation',
  'css-filter',
  'css-clip-path',
];

const repairs: Readonly<Record<string, Make>> = {
  ...Object.fromEntries(decoration.map((slug) => [slug, leaveOut])),
  'css-variables': putValue,
  'css-linear-gradient': addColour,
  'css-radial-gradient': addColour,
  'html-video': linkVideo,
  'html-form': linkForm,
};

/** The repair for a construct at this offset; null where none is known. */
export function repairOf(slug: string, text: string, from: number): Repair | null {
  return Object.hasOwn(repairs, slug) ? (repairs[slug]?.(text, from) ?? null) : null;
}

/** Removes the declaration. */
function leaveOut(text: string, from: number): Repair | null {
  const found = at(/([\w-]+)\s{0,9}:[^;{}"'\n]{0,300}(?:;[ \t]{0,9})?/y, text, from);
  return found && { title: msg('Remove “{0}”', found[1] ?? ''), from, to: from + found[0].length, text: '' };
}

/** The value of a custom property in place of `var(…)`, where the letter gives it only one. */
function putValue(text: string, from: number): Repair | null {
  const found = at(/var\(\s{0,9}(--[\w-]{1,100})\s{0,9}(?:,\s{0,9}([^()"'\n]{1,200}))?\)/iy, text, from);
  const name = found?.[1];
  if (!found || !name) return null;
  const given = [...text.matchAll(/(?<![\w-])(--[\w-]{1,100})\s{0,9}:([^;{}"'\n]{1,200})/g)];
  const values = new Set(given.flatMap(([, property, value]) => (property === name && value ? [value.trim()] : [])));
  const [value = found[2]?.trim()] = values;
  if (!value || values.size > 1 || /var\(/i.test(value)) return null;
  return { title: msg('Replace with “{0}”', value), from, to: from + found[0].length, text: value };
}

/** Adds the gradient's first color as a background color. */
function addColour(text: string, from: number): Repair | null {
  const block = blockAround(text, from);
  const colour = /#[0-9a-f]{3,8}\b|rgba?\([^()]{1,60}\)/i.exec(text.slice(from, from + 300))?.[0];
  if (!colour || /background-color\s{0,9}:/i.test(text.slice(block.from, block.to))) return null;
  const place = block.declaration;
  return {
    title: msg('Add the Background Color {0}', colour),
    from: place,
    to: place,
    text: `background-color: ${colour}; `,
  };
}

/** Replaces the video by its poster, linked to the film. */
function linkVideo(text: string, from: number): Repair | null {
  const film = element(text, from, 'video');
  const poster = film && attribute(film.tag, 'poster');
  const source =
    film && (attribute(film.tag, 'src') ?? attribute(/<source\b[^<>]{0,1000}>/i.exec(film.whole)?.[0] ?? '', 'src'));
  if (!film || !poster || !source || !/^https?:/i.test(source)) return null;
  const link = `<a href="${source}"><img src="${poster}" alt=""></a>`;
  return { title: msg('Replace with a Linked Picture'), from, to: from + film.whole.length, text: link };
}

/** Replaces the form by a link to the page it would post to. */
function linkForm(text: string, from: number): Repair | null {
  const form = element(text, from, 'form');
  const action = form && attribute(form.tag, 'action');
  if (!form || !action || !/^https?:/i.test(action)) return null;
  const label = /<button\b[^<>]{0,500}>([^<>]{1,200})</i.exec(form.whole)?.[1]?.trim() ?? action;
  return {
    title: msg('Replace with a Link'),
    from,
    to: from + form.whole.length,
    text: `<a href="${action}">${label}</a>`,
  };
}

function element(text: string, from: number, name: string): { tag: string; whole: string } | null {
  const piece = text.slice(from, from + 20_000);
  const end = piece.toLowerCase().indexOf(`</${name}>`);
  const tag = at(/<[^<>]{1,2000}>/y, piece, 0)?.[0];
  return end === -1 || !tag ? null : { tag, whole: piece.slice(0, end + name.length + 3) };
}

function attribute(tag: string, name: string): string | undefined {
  for (const found of tag.matchAll(/\s([a-z-]{1,30})\s{0,9}=\s{0,9}(?:"([^"<>]{1,1500})"|'([^'"<>]{1,1500})')/gi))
    if (found[1]?.toLowerCase() === name) return found[2] ?? found[3];
  return undefined;
}

function at(pattern: RegExp, text: string, from: number): RegExpExecArray | null {
  pattern.lastIndex = from;
  return pattern.exec(text);
}
