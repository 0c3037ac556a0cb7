// Envoi's unsubscribe endpoint as a Worker (Cloudflare Workers with a D1 database bound as DB, or alike).
// Once: CREATE TABLE tokens (n INTEGER PRIMARY KEY, token TEXT NOT NULL, at INTEGER NOT NULL);
//       CREATE TABLE nonces (nonce TEXT PRIMARY KEY, at INTEGER NOT NULL);
// The link in the letter: https://news.example.org/u?t={{ token }}. Variables: SECRET (24 random characters or more), NAME.
const text = {
  en: ['Unsubscribe', 'Do you want to stop receiving {0}?', 'You have been unsubscribed from {0}.'],
  fr: ['Se désabonner', 'Souhaitez-vous ne plus recevoir {0} ?', 'Vous êtes désabonné de {0}.'],
};

export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    if (url.searchParams.has('after')) return list(request, url, env);
    const token = url.searchParams.get('t') ?? '';
    // The only thing that unsubscribes; good and bad tokens get the same answer.
    if (request.method === 'POST' && /^[\w-]{43}$/.test(token))
      await env.DB.prepare('INSERT INTO tokens (token, at) VALUES (?, ?)').bind(token, Date.now()).run();
    return page(request, env.NAME);
  },
};

function page(request, name) {
  const language = (request.headers.get('accept-language') ?? '').startsWith('fr') ? 'fr' : 'en';
  const [title, ask, done] = text[language];
  const strong = `<strong>${name.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`)}</strong>`;
  const form = `<form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click"><button>${title}</button></form>`;
  const body = request.method === 'POST' ? `<p>${done}</p>` : `<p>${ask}</p>${form}`;
  const html = `<!doctype html><html lang="${language}"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1>${body}</html>`;
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    'cache-control': 'no-store',
  };
  const shown = html.replace('{0}', () => strong);
  return new Response(shown, { headers });
}

/** Envoi asks: only with the secret, a fresh time and a number used once. */
async function list(request, url, env) {
  const form = /^at=(\d{1,12}), nonce=([0-9a-f]{32}), mac=([0-9a-f]{64})$/;
  const [, at, nonce, mac] = form.exec(request.headers.get('x-envoi-signature') ?? '') ?? [];
  const octets = (value) => new TextEncoder().encode(value);
  const usage = [{ name: 'HMAC', hash: 'SHA-256' }, false, ['verify']];
  const key = await crypto.subtle.importKey('raw', octets(env.SECRET), ...usage);
  const given = Uint8Array.from(mac?.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  const good = await crypto.subtle.verify('HMAC', key, given, octets(`${url.search.slice(1)}\n${at}\n${nonce}`));
  const now = Math.floor(Date.now() / 1000);
  if (!good) return new Response('wrongSecret', { status: 403 });
  if (Math.abs(now - Number(at)) > 300) return new Response('wrongTime', { status: 403 });
  const forget = env.DB.prepare('DELETE FROM nonces WHERE at < ?');
  await forget.bind(now - 600).run();
  const kept = await env.DB.prepare('INSERT OR IGNORE INTO nonces VALUES (?, ?)').bind(nonce, now).run();
  if (kept.meta.changes === 0) return new Response('replayed', { status: 403 });
  const after = url.searchParams.get('log') === 'worker' ? Number(url.searchParams.get('after')) : 0;
  const { results } = await env.DB.prepare('SELECT * FROM tokens WHERE n > ? ORDER BY n LIMIT 10000').bind(after).all();
  const tokens = results.map((row) => ({ token: row.token, at: row.at }));
  return Response.json({ log: 'worker', next: results.at(-1)?.n ?? after, more: results.length === 10000, tokens });
}
