const UNITS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000 };

/** "try again in 5 minutes", "quota will reset in 3.5 hours": honoured from a minute to six hours. */
export function waitAskedFor(text: string): number | undefined {
  const asked =
    /(?:again|retry|wait|deferred|delay(?:ed)?|back|come back|available|reset|r[ée]essayer|dans|erneut|wieder|nuevo)\b.{0,20}?\b(?:in|after|for|dans|en)?\s*(\d{1,6}(?:\.\d)?) ?(s|sec|secs|secondes?|seconds?|m|min|mins|minutes?|minuten|minutos|h|hours?|heures?|horas?|stunden?)\b/i.exec(
      text,
    ) ?? /\b(\d{1,2}):(\d{2}):(\d{2})\b/.exec(/gr[ae]y/i.test(text) ? text : '');
  if (!asked) return undefined;
  let ms: number;
  if (asked[3] !== undefined) ms = ((Number(asked[1]) * 60 + Number(asked[2])) * 60 + Number(asked[3])) * 1000;
  else {
    const unit = asked[2]?.[0]?.toLowerCase() ?? 's';
    ms = Number(asked[1]) * (asked[2]?.toLowerCase().startsWith('stu') ? 3_600_000 : (UNITS[unit] ?? 1_000));
  }
  return Math.min(Math.max(Math.round(ms), 60_000), 6 * 3_600_000);
}
