import type { ListProfile } from './listProfile.ts';

/** Each list of a letter by itself. */
export function listsOf(profile: ListProfile): readonly ListProfile[] {
  return profile.parts.length > 0 ? profile.parts : [profile];
}

/** The file that contains a row of these lists. */
export function fileOf(profile: ListProfile, { list = 0 }: { list?: number }): string {
  return listsOf(profile)[list]?.file ?? profile.file;
}

/** A list's display name: the last part of its path or address. */
export function listName(file: string): string {
  const last = file.split(/[\\/]/).at(-1) ?? file;
  if (!file.includes('://')) return last;
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}
