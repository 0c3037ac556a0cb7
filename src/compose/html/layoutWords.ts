export interface LayoutWords {
  why: string;
  unsubscribe: string;
  dir: 'ltr' | 'rtl';
}

const words: Record<string, LayoutWords> = {
  en: { why: 'You receive this letter because you subscribed to it.', unsubscribe: 'Unsubscribe', dir: 'ltr' },
  fr: {
    why: 'Vous recevez cette lettre parce que vous vous y êtes inscrit.',
    unsubscribe: 'Se désinscrire',
    dir: 'ltr',
  },
  de: { why: 'Sie erhalten diesen Brief, weil Sie ihn abonniert haben.', unsubscribe: 'Abmelden', dir: 'ltr' },
  es: { why: 'Recibe esta carta porque se suscribió a ella.', unsubscribe: 'Darse de baja', dir: 'ltr' },
  it: { why: 'Riceve questa lettera perché si è iscritto.', unsubscribe: 'Annulla l’iscrizione', dir: 'ltr' },
  nl: { why: 'U ontvangt deze brief omdat u zich hebt ingeschreven.', unsubscribe: 'Uitschrijven', dir: 'ltr' },
  pt: { why: 'Recebe esta carta porque a subscreveu.', unsubscribe: 'Cancelar a subscrição', dir: 'ltr' },
  ar: { why: 'تصلك هذه الرسالة لأنك اشتركت فيها.', unsubscribe: 'إلغاء الاشتراك', dir: 'rtl' },
  he: { why: 'קיבלת מכתב זה כי נרשמת אליו.', unsubscribe: 'הסרה מהרשימה', dir: 'rtl' },
};

/** The layout's own words in the letter's language (`fr-CA` takes `fr`); English when there are none. */
export function layoutWords(lang: string): LayoutWords {
  return words[lang.toLowerCase().split(/[-_]/)[0] ?? ''] ?? (words.en as LayoutWords);
}
