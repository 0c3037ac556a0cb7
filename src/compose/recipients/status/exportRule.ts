import type { StatusReason } from '../../../shared/statusReasons.ts';

/** What a column of a known export says; names and values as `wordKey` spells them. */
export type ColumnRule =
  /** Each value by what it means; those under `keep` are written to. Any other is asked about. */
  | { kind: 'values'; leaveOut: ReadonlyMap<string, StatusReason>; keep: ReadonlySet<string> }
  /** Whatever stands in it means this. */
  | { kind: 'filled'; reason: StatusReason }
  | { kind: 'yes'; reason: StatusReason }
  /** “No” means this; an empty cell does not. */
  | { kind: 'no'; reason: StatusReason };

export interface KnownExport {
  name: string;
  /** It is this export when all columns of one of these stand in the header. */
  columns: readonly (readonly string[])[];
  /** Asked in this order: the first that leaves a row out gives the reason. */
  rules: Readonly<Record<string, ColumnRule>>;
  source: string;
  /** When the header was last compared. */
  date: string;
}

const words = (text: string): string[] => text.trim().split(/\s+/).filter(Boolean);
export const filled = (reason: StatusReason): ColumnRule => ({ kind: 'filled', reason });
export const yes = (reason: StatusReason): ColumnRule => ({ kind: 'yes', reason });
export const no = (reason: StatusReason): ColumnRule => ({ kind: 'no', reason });
export const says = (keep: string, leaveOut: Partial<Record<StatusReason, string>>): ColumnRule => ({
  kind: 'values',
  keep: new Set(words(keep)),
  leaveOut: new Map(
    Object.entries(leaveOut).flatMap(([reason, values]) =>
      words(values).map((value) => [value, reason as StatusReason] as const),
    ),
  ),
});
export const known = (
  name: string,
  columns: string | readonly string[],
  rules: Record<string, ColumnRule>,
  source: string,
): KnownExport => ({
  name,
  columns: (typeof columns === 'string' ? [columns] : columns).map(words),
  rules,
  source,
  date: '2026-11',
});

/** As most services call them. */
export const commonStates = says('active subscribed confirmed enabled', {
  unsubscribed: 'unsubscribed opted_out opt_out',
  bounced: 'bounced hard_bounced undeliverable invalid',
  pending: 'unconfirmed pending awaiting_confirmation',
  complained: 'complained spam junk',
  deleted: 'deleted removed archived',
  blocked: 'blocked blacklisted blocklisted suppressed',
  notSubscribed: 'nonsubscribed non_subscribed not_subscribed never_subscribed nonsubscriber non_subscriber',
});
