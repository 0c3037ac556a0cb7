import { pathOf, ROOMS, type Room } from './rooms.ts';

const NO_EDITOR = 'Only src/host and src/extension.ts may import vscode.';
const DOORS = ROOMS.filter(({ name }) => name.endsWith('.ts'));

/**
 * Biome's import rules: one override per room. Its patterns see the specifier as it is written, so a room is known by the
 * last part of its name; what is open to types alone, or in part, is left to the test, which sees the path.
 */
export function biomeFences(): unknown {
  // A later override wins where both fit: a room stands before the rooms within it.
  const outerFirst = ROOMS.map((room, index) => ({ room, index, depth: room.name.split('/').length }))
    .sort((a, b) => a.depth - b.depth || a.index - b.index)
    .map(({ room }) => room);
  return { $schema: './node_modules/@biomejs/biome/configuration_schema.json', overrides: outerFirst.map(override) };
}

function override(room: Room): unknown {
  const paths = { ...(room.editor ? {} : { vscode: NO_EDITOR }), ...room.closed };
  const options = {
    patterns: [
      {
        group: forbidden(room).map((name) => `**/${name.split('/').at(-1)}/**`),
        message: `${room.name} may not import from there (docs/architecture.md, fences).`,
      },
    ],
    ...(Object.keys(paths).length > 0 ? { paths } : {}),
  };
  return {
    includes: room.name === 'cli' ? ['src/cli.ts', 'src/cli/**'] : [pathOf(room.name).replace(/\/$/, '/**')],
    linter: { rules: { style: { noRestrictedImports: { level: 'error', options } } } },
  };
}

/** Rooms of which nothing at all is open. */
function forbidden(room: Room): string[] {
  const open = [...room.may, ...(room.typesOf ?? [])];
  return ROOMS.filter((other) => other !== room && !DOORS.includes(other))
    .map(({ name }) => name)
    .filter((name) => !open.some((each) => within(name, each) || within(each, name)))
    .filter((name) => !within(room.name, name));
}

const within = (name: string, outer: string) => name === outer || name.startsWith(`${outer}/`);

/** The table of docs/architecture.md. */
export function fenceTable(): string {
  const rows = ROOMS.map((room) => {
    const open = [...(room.editor ? ['vscode'] : []), ...room.may].map(code);
    const types = room.typesOf ? [`types of ${room.typesOf.map(code).join(', ')}`] : [];
    const without = room.without ? `; no ${room.without}` : '';
    return `| ${code(room.name)} | ${[...open, ...types].join(', ') || 'nothing'}${without} |`;
  });
  return ['| room | may import |', '| --- | --- |', ...rows].join('\n');
}

const code = (name: string) => `\`${name}\``;

export const TABLE = /(?<=<!-- made by `npm run fences` -->\n)[\s\S]*?(?=\n<!-- end -->)/;
