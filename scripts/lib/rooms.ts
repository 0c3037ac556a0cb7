/** A room of the product and whom it may import: a folder of `src`, or a front door. */
export interface Room {
  name: string;
  /** Rooms, or single modules of them. */
  may: readonly string[];
  /** Rooms of which it may know the types alone. */
  typesOf?: readonly string[];
  editor?: true;
  /** What else it must do without, for docs/architecture.md. */
  without?: string;
  /** Node modules that it must not use, with the reason. */
  closed?: Readonly<Record<string, string>>;
}

const FILES = 'Files come through the ports of letter/readLetter.';

/**
 * The only place where the fences are written. `npm run fences` makes Biome's rules (biome.fences.json) and the table in
 * docs/architecture.md from it; test/repository/imports.test.ts reads it as it is. The first room whose path fits a
 * module is its room, so the rooms within a room stand before it.
 */
export const ROOMS: readonly Room[] = [
  { name: 'shared', may: [] },
  { name: 'providers', may: ['shared'] },
  { name: 'compose', may: ['providers', 'shared'] },
  { name: 'protocol', may: ['shared'], typesOf: ['compose'] },
  { name: 'attach', may: ['protocol', 'shared'] },
  { name: 'endpoint', may: ['shared'] },
  { name: 'mailbox', may: ['shared'] },
  { name: 'evidence', may: ['providers', 'shared'] },
  {
    name: 'letter',
    may: ['compose', 'protocol', 'providers', 'shared'],
    without: 'file system',
    closed: { 'node:fs': FILES, 'node:fs/promises': FILES },
  },
  { name: 'engine/queue/store', may: ['shared'] },
  { name: 'engine/queue/limits', may: ['shared'] },
  { name: 'engine/queue/policy', may: ['shared'], typesOf: ['engine/verdict'] },
  {
    name: 'engine/queue/run',
    may: ['engine/queue/store', 'engine/queue/limits', 'engine/queue/policy', 'shared'],
  },
  { name: 'engine/delivery', may: ['providers', 'shared'] },
  { name: 'engine/verdict', may: ['providers', 'shared'] },
  {
    name: 'engine/simulator',
    may: ['engine/queue', 'engine/delivery', 'engine/verdict', 'providers', 'shared'],
  },
  { name: 'engine/probe', may: ['shared'] },
  {
    name: 'engine',
    may: [
      'engine/simulator',
      'engine/probe',
      'engine/queue',
      'engine/delivery',
      'engine/verdict',
      'compose',
      'endpoint',
      'evidence',
      'mailbox',
      'protocol',
      'providers',
      'shared',
    ],
  },
  { name: 'catcher', may: ['shared'] },
  { name: 'host', may: ['attach', 'catcher', 'letter', 'protocol', 'compose', 'providers', 'shared'], editor: true },
  { name: 'extension.ts', may: ['host', 'shared'], editor: true },
  { name: 'engineMain.ts', may: ['attach', 'engine', 'protocol', 'shared'] },
  {
    name: 'cli',
    may: ['attach', 'endpoint', 'engine', 'letter', 'compose', 'protocol', 'providers', 'shared'],
  },
  { name: 'media', may: ['shared/words.ts'], typesOf: ['protocol', 'shared'] },
];

/** How the paths of a room's modules begin: `src/host/`, `src/cli` for the folder and the front door, `media/`. */
export function pathOf(name: string): string {
  if (name === 'media') return 'media/';
  if (name === 'cli' || name.endsWith('.ts')) return `src/${name}`;
  return `src/${name}/`;
}

export const roomOf = (path: string): Room | undefined => ROOMS.find(({ name }) => path.startsWith(pathOf(name)));

/** Whether a module of the room may import that path. */
export function mayImport(room: Room, target: string, typeOnly: boolean): boolean {
  if (roomOf(target) === room) return true;
  return [...room.may, ...(typeOnly ? (room.typesOf ?? []) : [])].some((name) => target.startsWith(pathOf(name)));
}
