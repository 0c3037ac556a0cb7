export interface LayoutWords {
  why: string;
  unsubscribe: string;
  dir: 'ltr' | 'rtl';
}

const words: Record<string, Omit<LayoutWords, 'dir'>> = {
  en: { why: 'You receive this letter because you subscribed to it.', unsubscribe: 'Unsubscribe' },
  fr: {
    why: 'Vous recevez cette lettre parce que vous vous y êtes inscrit.',
    unsubscribe: 'Se désinscrire',
  },
  de: { why: 'Sie erhalten diesen Brief, weil Sie ihn abonniert haben.', unsubscribe: 'Abmelden' },
  es: { why: 'Recibe esta carta porque se suscribió a ella.', unsubscribe: 'Darse de baja' },
  it: { why: 'Riceve questa lettera perché si è iscritto.', unsubscribe: 'Annulla l’iscrizione' },
  nl: { why: 'U ontvangt deze brief omdat u zich hebt ingeschreven.', unsubscribe: 'Uitschrijven' },
  pt: { why: 'Recebe esta carta porque a subscreveu.', unsubscribe: 'Cancelar a subscrição' },
  ar: { why: 'تصلك هذه الرسالة لأنك اشتركت فيها.', unsubscribe: 'إلغاء الاشتراك' },
  he: { why: 'קיבלת מכתב זה כי נרשמת אליו.', unsubscribe: 'הסרה מהרשימה' },
};

const rightToLeft = new Set('ar arc ckb dv fa he iw ji ks lrc mzn nqo pnb prs ps sd syr ug ur yi'.split(' '));
/** Languages of several scripts, where they are written from right to left. */
const rightToLeftThere = /^(?:pa[-_]pk|uz[-_]af|az[-_]ir|ku[-_]i[qr])$/i;

/** The layout's own words in the letter's language (`fr-CA` takes `fr`); English when there are none. */
export function layoutWords(lang: string): LayoutWords {
  const name = lang.toLowerCase().split(/[-_]/)[0] ?? '';
  return { ...(words[name] ?? (words.en as Omit<LayoutWords, 'dir'>)), dir: directionOf(lang) };
}

/** A script in the tag decides (`az-Arab`, `ur-Latn`), or else the country (`pa-PK`), or the language. */
export function directionOf(lang: string): 'ltr' | 'rtl' {
  const script = /[-_](arab|hebr|thaa|syrc|nkoo|adlm|rohg|latn|cyrl|deva)\b/i.exec(lang)?.[1]?.toLowerCase();
  if (script) return /^(?:latn|cyrl|deva)$/.test(script) ? 'ltr' : 'rtl';
  if (rightToLeftThere.test(lang.trim())) return 'rtl';
  return rightToLeft.has(lang.toLowerCase().split(/[-_]/)[0] ?? '') ? 'rtl' : 'ltr';
}
