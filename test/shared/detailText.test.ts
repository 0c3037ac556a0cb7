import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { detailText, detailWords, replyWords } from '../../src/shared/detailText.ts';
import { detail, type FaultDetail, faultDetails, type Slot } from '../../src/shared/faultDetails.ts';
import { platformDetails } from '../../src/shared/platformDetails.ts';
import { plainWords, wordsIn } from '../../src/shared/words.ts';
import { json } from '../repository/sources.ts';

const bundle: Record<string, string> = json('l10n/bundle.l10n.fr.json');
const french = wordsIn('fr', (template) => bundle[template]);
const inFrench = (stored: string) => detailWords(stored, french).replace(/\s/g, ' ');
const inEnglish = (stored: string) => detailWords(stored, plainWords);

const samples: Record<string, string | number> = {
  word: 'mx.example',
  figure: 60,
  octets: 4_000_000,
  rest: '250 2.0.0 it is so',
  detail: 'connection refused',
};
const sample = (slot: Slot) => (typeof slot === 'string' ? (samples[slot] ?? '') : (slot[0] ?? ''));
const stored = (entry: FaultDetail) => detail(entry, ...entry.slots.map(sample));

describe('what goes wrong while delivering', () => {
  it('is stored in English and read back from it, whatever it is', () => {
    for (const [name, entry] of Object.entries(faultDetails) as [string, FaultDetail][]) {
      const text = detailText(stored(entry), plainWords);
      assert.ok(typeof text === 'object', name);
      if (name !== 'tooLarge') assert.equal(text.template, entry.text.template, name);
    }
    for (const entry of platformDetails) assert.notEqual(inFrench(stored(entry)), stored(entry));
  });

  it('is shown in English as it is stored, sizes aside', () => {
    for (const [name, entry] of Object.entries(faultDetails) as [string, FaultDetail][])
      if (name !== 'tooLarge') assert.equal(inEnglish(stored(entry)), stored(entry));
    for (const entry of platformDetails) assert.equal(inEnglish(stored(entry)), stored(entry));
  });

  it('is French for a French reader', () => {
    assert.equal(inFrench('no reply for 60 s'), 'aucune réponse pendant 60 s');
    assert.equal(inFrench('x.example has no address'), 'x.example n’a pas d’adresse');
    assert.equal(inFrench('nothing was heard from Post Office for 10 s'), 'rien reçu de Post Office pendant 10 s');
    assert.equal(inFrench('connect ECONNREFUSED 127.0.0.1:25'), 'connexion refusée par 127.0.0.1:25 (ECONNREFUSED)');
    assert.equal(
      inFrench('this network blocks port 2525: no mail server answers there'),
      'ce réseau bloque le port 2525 : aucun serveur de messagerie n’y répond',
    );
  });

  it('is put into words within what names a question, a file or a mail server', () => {
    assert.equal(inFrench('MX x.example: no answer from 127.0.0.1'), 'MX x.example : aucune réponse de 127.0.0.1');
    assert.equal(inFrench('MX x.example: 9.9.9.9 answered with SERVFAIL'), 'MX x.example : 9.9.9.9 a répondu SERVFAIL');
    assert.equal(
      inFrench('TLSA of mx.example: TLSA _25._tcp.mx.example: no DNS server is known'),
      'TLSA de mx.example : TLSA _25._tcp.mx.example : aucun serveur DNS n’est connu',
    );
    assert.equal(inFrench('mx.example: no reply for 20 s'), 'mx.example : aucune réponse pendant 20 s');
    assert.equal(
      inFrench('the certificate file cannot be read: EACCES'),
      'le fichier de certificat est illisible : EACCES',
    );
  });

  it('says sizes as the reader does, and in bytes where they would look alike', () => {
    const sizes = (size: number, limit: number) => detail(faultDetails.tooLarge, size, limit);
    assert.equal(sizes(1044, 400), '1044 bytes; the server takes 400');
    assert.equal(inFrench(sizes(1_000_000, 400_000)), 'le message fait 1 Mo ; le serveur en accepte 400 ko');
    assert.equal(inEnglish(sizes(1_000_000, 400_000)), 'the message has 1 MB; the server takes 400 kB');
    assert.equal(inEnglish(sizes(1_048_576, 1_000_000)), 'the message has 1,048,576 bytes; the server takes 1,000,000');
  });

  it('is left as it is where it is not known, as are a server’s replies', () => {
    for (const words of [
      '',
      '550 5.1.1 no reply for 60 s',
      'no reply for ages s',
      'the server closed the connection!',
      'a b has no address',
      'SMTP error: no',
      'mx.example: 550 unknown',
      '\n no reply for 60 s',
    ])
      assert.equal(inFrench(words), words.replace(/\s/g, ' '));
  });

  it('is not looked for in the words of a server', () => {
    const reply = { code: 550, enhanced: '', text: 'connection refused' };
    assert.equal(replyWords(reply, french), '550 connection refused');
    assert.equal(replyWords({ ...reply, code: 0 }, french), 'connexion refusée');
  });

  it('does not go deeper than a detail does, however often a stranger repeats one', () => {
    const deep = 'TLSA of x: '.repeat(200);
    assert.match(inFrench(deep), /TLSA of x: TLSA of x: $/);
  });
});
