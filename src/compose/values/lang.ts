const known = new Map<string, string>();

/** A tag that `Intl` takes for what an author writes as `lang:` (`fr_CA`); English for what is none. */
export function usableLang(written: string | undefined): string {
  if (!written) return 'en';
  let lang = known.get(written);
  if (lang === undefined) {
    try {
      lang = Intl.getCanonicalLocales(written.trim().replace(/_/g, '-'))[0] ?? 'en';
    } catch {
      lang = 'en';
    }
    known.set(written, lang);
  }
  return lang;
}
