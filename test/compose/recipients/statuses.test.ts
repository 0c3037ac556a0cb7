import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { knownExports } from '../../../src/compose/recipients/status/knownExports.ts';
import { wordKey } from '../../../src/compose/recipients/status/words.ts';
import { type ExportCase, exportsWithStatus, plainlyNamed } from './exports.ts';
import { readList } from './lists.ts';
import { moreExports } from './moreExports.ts';

const textOf = ({ header, rows }: ExportCase) => `${header}\r\n${rows.map(([cells]) => `${cells}\r\n`).join('')}`;

async function outcomes(list: ExportCase) {
  const { rows, refused, batches } = await readList(textOf(list));
  const by = new Map<number, string>([
    ...rows.map(({ line }) => [line, 'mailed'] as const),
    ...refused.map(({ line, reason }) => [line, reason] as const),
  ]);
  return { found: list.rows.map((_, n) => by.get(n + 2)), status: batches[0]?.status };
}

describe('an export with a status mails the right people and gives the right reasons', () => {
  for (const list of [...exportsWithStatus, ...moreExports, ...plainlyNamed]) {
    test(`${list.service}: ${list.header.slice(0, 60)}`, async () => {
      const { found, status } = await outcomes(list);
      assert.deepEqual(
        found,
        list.rows.map(([, outcome]) => outcome),
      );
      assert.deepEqual(status?.questions(), [], 'nothing has to be asked');
      if (list.known !== false) assert.equal(status?.service, list.service);
    });
  }
});

test('each known export names its source, with headers in comparable form', () => {
  assert.ok(knownExports.length >= 30);
  for (const { name, columns, rules, source, date } of knownExports) {
    assert.match(source, /^https:\/\//, name);
    assert.match(date, /^\d{4}-\d{2}$/, name);
    for (const column of [...columns.flat(), ...Object.keys(rules)]) assert.equal(wordKey(column), column, name);
  }
});

/** A column that speaks of consent, and the value that must be asked about. */
const unclear: [language: string, list: string, column: string, value: string][] = [
  ['English', 'email,status\na@x.example,active\nb@x.example,unsubscribed\n', 'status', 'unsubscribed'],
  ['English', 'email,Newsletter\na@x.example,yes\nb@x.example,no\n', 'Newsletter', 'no'],
  ['English', 'email,opt_in\na@x.example,1\nb@x.example,0\n', 'opt_in', '0'],
  ['English', 'email,Newsletter\na@x.example,x\nb@x.example,\n', 'Newsletter', ''],
  ['English', 'email,subscriber status\na@x.example,active\nb@x.example,inactive\n', 'subscriber status', 'inactive'],
  ['English', 'email,do not contact\na@x.example,\nb@x.example,yes\n', 'do not contact', 'yes'],
  ['English', 'email,status,reason\na@x.example,,\nb@x.example,5.1.1,550 no such user\n', 'status', '5.1.1'],
  ['English', 'email,notes\na@x.example,\nb@x.example,Unsubscribed\n', 'notes', 'Unsubscribed'],
  ['French', 'courriel;Statut\na@x.example;abonné\nb@x.example;désabonné\n', 'Statut', 'désabonné'],
  ['French', 'courriel;Statut\na@x.example;abonné\nb@x.example;en attente\n', 'Statut', 'en attente'],
  ['French', 'courriel;Consentement\na@x.example;oui\nb@x.example;non\n', 'Consentement', 'non'],
  ['French', 'courriel;Ne pas contacter\na@x.example;\nb@x.example;x\n', 'Ne pas contacter', 'x'],
  ['German', 'E-Mail;Status\na@x.example;aktiv\nb@x.example;abgemeldet\n', 'Status', 'abgemeldet'],
  ['German', 'E-Mail;Einwilligung\na@x.example;ja\nb@x.example;nein\n', 'Einwilligung', 'nein'],
  ['Spanish', 'correo;Estado\na@x.example;activo\nb@x.example;dado de baja\n', 'Estado', 'dado de baja'],
  ['Spanish', 'correo;Consentimiento\na@x.example;sí\nb@x.example;no\n', 'Consentimiento', 'no'],
  ['Italian', 'email;Stato\na@x.example;iscritto\nb@x.example;disiscritto\n', 'Stato', 'disiscritto'],
  ['Italian', 'email;Consenso\na@x.example;sì\nb@x.example;no\n', 'Consenso', 'no'],
  ['Dutch', 'e-mail;Status\na@x.example;actief\nb@x.example;uitgeschreven\n', 'Status', 'uitgeschreven'],
  ['Dutch', 'e-mail;Toestemming\na@x.example;ja\nb@x.example;nee\n', 'Toestemming', 'nee'],
  ['Portuguese', 'email;Situação\na@x.example;ativo\nb@x.example;descadastrado\n', 'Situação', 'descadastrado'],
  ['Portuguese', 'email;Consentimento\na@x.example;sim\nb@x.example;não\n', 'Consentimento', 'não'],
];

describe('a column of an unknown list that may concern consent is asked about', () => {
  for (const [language, list, column, value] of unclear)
    test(`${language}: ${column} is “${value}”`, async () => {
      const questions = (await readList(list)).batches[0]?.status.questions() ?? [];
      assert.deepEqual(
        questions.map((question) => [question.column, question.values.map((one) => one.value)]),
        [[column, [value]]],
      );
      assert.equal(questions[0]?.line, 3);
    });
});

describe('the author’s decision on a column applies', () => {
  const list = 'courriel;Statut\na@x.example;abonné\nb@x.example;désabonné\nc@x.example;en pause\n';
  test('its values leave rows out', async () => {
    const { rows, refused, batches } = await readList(list, 65536, undefined, {
      leaveOut: { statut: ['Désabonné', 'en pause'] },
    });
    assert.deepEqual(
      rows.map(({ address }) => address),
      ['a@x.example'],
    );
    assert.deepEqual(
      refused.map(({ reason }) => reason),
      ['unsubscribed', 'statusLeftOut'],
    );
    assert.deepEqual(batches[0]?.status.questions(), []);
  });
  test('or the column is not about consent', async () => {
    const { rows, batches } = await readList(list, 65536, undefined, { leaveOut: { Statut: 'ignore' } });
    assert.equal(rows.length, 3);
    assert.deepEqual(batches[0]?.status.questions(), []);
  });
});

/** Columns that look like a status and are not about consent. */
const otherMatters: [column: string, ...values: string[]][] = [
  ['Order status', 'pending', 'cancelled', 'refunded', 'completed'],
  ['status', 'paid', 'pending', 'cancelled'],
  ['status', 'active', 'inactive', 'expired'],
  ['Financial Status', 'paid', 'voided', 'refunded'],
  ['Payment status', 'bounced', 'paid'],
  ['plan', 'free', 'pro', 'none'],
  ['Subscription status', 'active', 'canceled', 'past_due', 'trialing'],
  ['version', '5.1.1', '4.2.0'],
  ['paid', 'yes', 'no'],
  ['active', 'true', 'false'],
  ['member', 'yes', 'no'],
  ['volunteer', 'oui', 'non'],
  ['Statut professionnel', 'salarié', 'retraité', 'demandeur d’emploi'],
  ['Statut', 'titulaire', 'stagiaire', 'bénévole'],
  ['Statut', 'cotisation à jour', 'radié', 'démissionnaire'],
  ['Statut de la commande', 'annulée', 'expédiée', 'en attente'],
  ['État civil', 'marié', 'célibataire'],
  ['Familienstand', 'ledig', 'verheiratet'],
  ['Status', 'offen', 'bezahlt', 'storniert'],
  ['Bestellstatus', 'storniert', 'gelöscht'],
  ['Estado', 'Jalisco', 'Puebla'],
  ['Estado civil', 'soltero', 'casada'],
  ['Estado del pedido', 'cancelado', 'enviado'],
  ['Stato', 'Italia', 'Francia'],
  ['Stato ordine', 'annullato', 'spedito'],
  ['State', 'NY', 'OR', 'IN'],
  ['Lead Status', 'New', 'Open', 'Unqualified'],
  ['Patron Status', 'Active patron', 'Former patron', 'Declined patron'],
  ['RSVP', 'yes', 'no', 'maybe'],
  ['Registration status', 'confirmed', 'cancelled', 'waitlisted'],
  ['Accepts SMS Marketing', 'yes', 'no'],
  ['SMS status', 'unsubscribed', 'subscribed'],
  ['Do Not Call', 'yes', 'no'],
  ['Photo consent', 'yes', 'no'],
  ['Tax Exempt', 'yes', 'no'],
  ['Newsletter', 'weekly', 'monthly'],
  ['Verified Email', 'true', 'false'],
  ['Blocked seats', '0', '12'].slice(0, 2) as [string, ...string[]],
  ['Toestand', 'nieuw', 'gebruikt'],
  ['Situação', 'casado', 'solteiro'],
];

describe('a column that is not about consent raises no question and leaves nobody out', () => {
  for (const [column, ...values] of otherMatters)
    test(`${column}: ${values.join(', ')}`, async () => {
      const rows = values.map((value, n) => `r${n}@x.example;A;${value}\n`).join('');
      const read = await readList(`email;name;${column}\n${rows}`);
      assert.equal(read.rows.length, values.length);
      assert.deepEqual(read.batches[0]?.status.questions(), []);
    });
});

test('a reader who unsubscribed on a later line is left out on an earlier one', async () => {
  const list = 'email,unsubscribed\nann@x.example,no\nbo@x.example,no\nANN@x.example,yes\n';
  const first = await readList(list);
  const { contradicted } = first.batches[0] ?? {};
  assert.deepEqual(
    [...(contradicted ?? [])].map(([address, { line }]) => [address, line]),
    [['ann@x.example', 4]],
  );
  const again = await readList(list, 65536, undefined, { withdrawn: contradicted ?? new Map() });
  assert.deepEqual(
    again.rows.map(({ address }) => address),
    ['bo@x.example'],
  );
  assert.deepEqual(
    again.refused.map(({ line, reason }) => [line, reason]),
    [
      [2, 'unsubscribed'],
      [4, 'unsubscribed'],
    ],
  );
});
