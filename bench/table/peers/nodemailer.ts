// What one would write with nodemailer's pool and liquidjs. Run: node nodemailer.ts FOLDER LIST PORT CONNECTIONS [dkim]
import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Liquid } from 'liquidjs';
import { createTransport } from 'nodemailer';
import Papa from 'papaparse';

const [folder = '', list = '', port, connections, dkim] = process.argv.slice(2);
const read = (name: string) => readFileSync(join(folder, name), 'utf8');
const liquid = new Liquid();
const [subject = [], html = [], text = []] = ['subject', 'html', 'text'].map((name) =>
  liquid.parse(read(`${name}.liquid`)),
);
const pool = createTransport({
  pool: true,
  host: '127.0.0.1',
  port: Number(port),
  secure: false,
  ignoreTLS: true,
  maxConnections: Number(connections),
  maxMessages: Number.POSITIVE_INFINITY,
  ...(dkim ? { dkim: { domainName: 'sender.example', keySelector: 'bench', privateKey: read('key.pem') } } : {}),
});

const rows = createReadStream(list).pipe(Papa.parse(Papa.NODE_STREAM_INPUT, { header: true }));
const flying = new Set<Promise<unknown>>();
let n = 0;
for await (const row of rows as AsyncIterable<Record<string, string>>) {
  const leave = `https://sender.example/leave?t=${n++}`;
  const values = { ...row, unsubscribe_url: leave };
  const sent = pool.sendMail({
    from: 'The Garden Letter <letter@sender.example>',
    to: row.email ?? '',
    subject: liquid.renderSync(subject, values),
    html: liquid.renderSync(html, values),
    text: liquid.renderSync(text, values),
    headers: {
      'List-Id': '<garden.sender.example>',
      'List-Unsubscribe': { prepared: true, value: `<${leave}>` },
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    },
  });
  flying.add(sent);
  sent.finally(() => flying.delete(sent));
  if (flying.size >= 2 * Number(connections)) await Promise.race(flying);
}
await Promise.all(flying);
pool.close();
