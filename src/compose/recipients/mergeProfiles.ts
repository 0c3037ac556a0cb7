import { type ColumnFacts, LINES, type LineName, noFacts } from '../values/columnFacts.ts';
import { listName } from './eachList.ts';
import {
  type DomainRow,
  type FieldProfile,
  type ListProfile,
  largestDomains,
  MAIL_DOMAINS,
  SMALL_LIST,
  VALUES,
} from './listProfile.ts';

/** Several lists of one letter as if they were one; each by itself is in `parts`. */
export function mergeProfiles(profiles: readonly ListProfile[]): ListProfile {
  const [first, ...others] = profiles;
  if (!first) throw new Error('a letter has at least one list');
  if (others.length === 0) return first;
  const merged: ListProfile = {
    ...first,
    refused: { ...first.refused },
    providers: { ...first.providers },
    parts: profiles,
  };
  const unknown = profiles.map(({ header }) => header.unknownColumns);
  merged.header = {
    ...first.header,
    unknownColumns: first.header.unknownColumns.filter((column) => unknown.every((list) => list.includes(column))),
  };
  merged.fields = mergeFields(profiles);
  merged.refusals = profiles.flatMap(({ refusals }) => refusals);
  merged.hints = profiles.flatMap(({ hints }) => hints);
  merged.mailDomains = mergeDomains(profiles);
  Object.assign(merged, largestDomains(merged.mailDomains));
  merged.shared = mergeShared(profiles);
  for (const { count, refused, providers, jumps } of others) {
    for (const which of ['longest', 'withBlanks'] as const)
      if (merged.jumps[which] < 0 && jumps[which] >= 0)
        merged.jumps = { ...merged.jumps, [which]: merged.count + jumps[which] };
    merged.count += count;
    add(merged.refused, refused);
    add(merged.providers, providers);
  }
  merged.addresses = merged.count <= SMALL_LIST ? profiles.flatMap(({ addresses }) => addresses) : [];
  return merged;
}

function add<Key extends string>(sums: Record<Key, number>, more: Record<Key, number>): void {
  for (const key of Object.keys(more) as Key[]) sums[key] = (sums[key] ?? 0) + more[key];
}

function mergeDomains(profiles: readonly ListProfile[]): ListProfile['mailDomains'] {
  const rows = new Map<string, DomainRow>();
  let more = 0;
  for (const { mailDomains } of profiles) {
    more += mailDomains.more;
    for (const row of mailDomains.rows) {
      const there = rows.get(row.domain);
      rows.set(row.domain, there ? { ...there, count: there.count + row.count } : row);
    }
  }
  const largest = [...rows.values()].sort((a, b) => b.count - a.count).slice(0, MAIL_DOMAINS);
  return { rows: largest, more: more + rows.size - largest.length };
}

/** It is reported in the first list that has one. */
function mergeShared(profiles: readonly ListProfile[]): ListProfile['shared'] {
  const found = profiles.flatMap(({ shared }, list) => (shared.count > 0 ? [{ ...shared, list }] : []));
  const [first] = found;
  if (!first) return { count: 0, lines: [] };
  const lines = found.flatMap((each) =>
    each.lines.map(
      (line): LineName => (each.list === 0 ? line : `${listName(profiles[each.list]?.file ?? '')}:${line}`),
    ),
  );
  const count = found.reduce((sum, each) => sum + each.count, 0);
  return { count, lines: lines.slice(0, LINES), list: first.list };
}

/** A column that a list does not have is blank in all its rows. */
function mergeFields(profiles: readonly ListProfile[]): FieldProfile[] {
  const fields = new Map<string, FieldProfile>();
  for (const { fields: own } of profiles)
    for (const { name, title } of own)
      if (!fields.has(name))
        fields.set(name, { name, title, values: [], blanks: 0, blankLines: [], longest: '', facts: noFacts() });
  for (const [list, { file, fields: own, count }] of profiles.entries()) {
    const named = (line: LineName): LineName => (list === 0 ? line : `${listName(file)}:${line}`);
    const byName = new Map(own.map((field) => [field.name, field]));
    for (const field of fields.values()) {
      const there = byName.get(field.name);
      if (!there) {
        field.blanks += count;
        if (count > 0 && field.blankLines.length < LINES) field.blankLines.push(`${listName(file)}`);
        continue;
      }
      field.blanks += there.blanks;
      fill(field.blankLines, there.blankLines.map(named), LINES);
      fill(field.values, there.values, VALUES);
      if (there.longest.length > field.longest.length) field.longest = there.longest;
      addFacts(field.facts, there.facts, named);
    }
  }
  return [...fields.values()];
}

function addFacts(facts: ColumnFacts, more: ColumnFacts, named: (line: LineName) => LineName): void {
  for (const kind of Object.keys(more) as (keyof ColumnFacts)[]) {
    const rows = facts[kind];
    if (rows.count === 0) rows.sample = more[kind].sample;
    rows.count += more[kind].count;
    fill(rows.lines, more[kind].lines.map(named), LINES);
  }
}

/** Up to `most` different ones. */
function fill<T>(into: T[], more: readonly T[], most: number): void {
  for (const one of more) if (into.length < most && !into.includes(one)) into.push(one);
}
