import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ReportView } from '../../src/protocol/reportMessages.ts';
import { openPage } from './openPage.ts';
import { openReport, reportRow } from './reportPage.ts';
import { reportWords, someReport } from './someReport.ts';

async function open(t: Parameters<typeof openPage>[0], report: ReportView = someReport) {
  const opened = await openPage(t, {
    bundle: 'report',
    strings: reportWords,
    data: { campaign: report.id },
    viewport: { width: 1200, height: 1100 },
  });
  await opened.send({ type: 'report', report });
  await opened.page.locator('h1').waitFor();
  return opened;
}

test('the report shows totals, causes with the reply and the remedy, and figures', async (t) => {
  const { page } = await open(t);
  assert.equal(await page.locator('h1').innerText(), 'November news');
  assert.match(await page.locator('.tile.sent').innerText(), /1,084\s+Sent/);
  assert.match(
    await page.locator('.cause').first().innerText(),
    /74\s+SPF, DKIM or DMARC did not pass, at outlook\.com/,
  );
  assert.match(await page.locator('.cause .reply').first().innerText(), /550 5\.7\.515/);
  assert.equal(await page.locator('[role=progressbar]').getAttribute('aria-valuenow'), '97');
  assert.match((await page.locator('svg.chart').getAttribute('aria-label')) ?? '', /1,084 .* 83/);
  assert.equal(await page.locator('.area-sent').count(), 1);
});

test('the list is requested from the extension, filtered by a tile, and shows attempts', async (t) => {
  const { page, send, message } = await open(t);
  const first = await message('query');
  assert.deepEqual(first, { type: 'query', query: first.query, filter: 'all', search: '', after: 0 });
  await send({ type: 'rows', query: first.query, after: 0, rows: [reportRow(1), reportRow(2)], more: true });
  await page.locator('.row').nth(1).waitFor();

  await page.locator('.more').click();
  await message('query', ({ after }) => after === 2);

  await page.locator('.tile.failed').click();
  const query = await message('query', ({ filter }) => filter === 'failed');
  await send({ type: 'rows', query: first.query, after: 0, rows: [reportRow(9)], more: false });
  await send({
    type: 'rows',
    query: query.query,
    after: 0,
    rows: [reportRow(3, { tone: 'failed', state: 'refused' })],
    more: false,
  });
  await page.locator('.row.failed').waitFor();
  assert.equal(await page.locator('.row').count(), 1, 'an answer to an older question is passed over');

  await page.locator('.row-toggle').click();
  await message('attempts', ({ id }) => id === 3);
  const attempts = [
    { when: '10:40', transport: 'office', took: '0.4 s', cause: 'Mailbox full', reply: '452 4.2.2 full' },
  ];
  await send({ type: 'attempts', id: 3, attempts });
  await page.getByText('452 4.2.2 full').waitFor();
  await page.locator('.row-inside .link').click();
  await message('openLine', ({ line }) => line === 4);
});

test('actions are offered as the extension says, and a redraw keeps the focus', async (t) => {
  const { page, send, message } = await open(t);
  assert.deepEqual(await page.locator('.actions .action').allInnerTexts(), [
    'Decide',
    'Resend',
    'Export',
    'Sent',
    'Compare',
  ]);
  await page.locator('[data-action=exportCsv]').focus();
  await page.keyboard.press('Enter');
  await message('act', ({ action }) => action === 'exportCsv');
  await send({ type: 'report', report: { ...someReport, subject: 'Changed' } });
  await page.getByRole('heading', { name: 'Changed' }).waitFor();
  assert.equal(await page.evaluate('document.activeElement.dataset.action'), 'exportCsv');
});

test('figures that change during a click do not lose it', async (t) => {
  const { page, send, message } = await open(t);
  const { query } = await message('query');
  const rows = [reportRow(4), reportRow(5)];
  await send({ type: 'rows', query, after: 0, rows, more: false });
  const press = async (selector: string, meanwhile: () => Promise<void>) => {
    await page.locator(selector).first().hover();
    await page.mouse.down();
    await meanwhile();
    await page.mouse.up();
  };
  await press('.row-toggle', () => send({ type: 'rows', query, after: 0, rows: [...rows, reportRow(6)], more: false }));
  await message('attempts', ({ id }) => id === 4);
  await press('[data-action=exportCsv]', async () => {
    await send({ type: 'report', report: { ...someReport, subject: 'Changed' } });
    await page.getByRole('heading', { name: 'Changed' }).waitFor();
  });
  await message('act', ({ action }) => action === 'exportCsv');
});

test('what a person opened stays open while figures change', async (t) => {
  const { page, send } = await open(t);
  await page.locator('details.refused summary').click();
  const counts = { ...someReport.counts, sent: someReport.counts.sent + 1 };
  await send({ type: 'report', report: { ...someReport, counts, subject: 'Changed' } });
  await page.getByRole('heading', { name: 'Changed' }).waitFor();
  assert.match(await page.locator('.tile.sent').innerText(), /1,085/);
  assert.equal(await page.locator('details.refused').getAttribute('open'), '');
  assert.equal(
    await page
      .locator('.quota-fill')
      .first()
      .evaluate((fill) => fill.getBoundingClientRect().width > 0),
    true,
  );
});

test('a reply or an address with markup in it is only text', async (t) => {
  const evil = '<img src="http://evil.example/x" onerror="globalThis.hacked=1"><script>hacked=1</script>';
  const { page, send, message, requests } = await open(t, {
    ...someReport,
    subject: evil,
    causes: [{ ...(someReport.causes[0] as ReportView['causes'][number]), reply: evil, title: evil }],
    domains: [{ domain: evil, total: 1, sent: 0, failed: 1, waiting: 0, other: 0 }],
  });
  const { query } = await message('query');
  await send({ type: 'rows', query, after: 0, rows: [reportRow(1, { address: evil, reply: evil })], more: false });
  await page.locator('.row').waitFor();
  assert.equal(await page.locator('img').count(), 0);
  assert.equal(await page.evaluate('globalThis.hacked'), undefined);
  assert.deepEqual(requests, []);
});

test('in a narrow column each row is a card that says everything, and the keyboard reaches all of it', async (t) => {
  const { page, rows } = await openReport(t, { viewport: { width: 460, height: 800 } });
  const reply = '550 5.7.515 Access denied, the sending domain does not meet the required authentication level';
  await page.evaluate(`window.postMessage(${JSON.stringify({ type: 'report', report: someReport })}, '*')`);
  await rows([reportRow(1, { tone: 'failed', state: 'refused', detail: 'SPF did not pass', reply })]);
  for (const width of [460, 230]) {
    await page.setViewportSize({ width, height: 800 });
    const card = page.locator('.rows .row').first();
    const text = await card.innerText();
    for (const said of ['reader1@example.org', 'refused', 'SPF did not pass', 'office', reply, '10:41'])
      assert.ok(text.includes(said), `${said} at ${width} px`);
    for (const part of await card.locator('> *').all()) {
      const cut = await part.evaluate((element) => element.scrollWidth > element.clientWidth + 1);
      assert.equal(cut, false, `nothing is cut at ${width} px: ${await part.innerText()}`);
    }
    const wider = `[...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('thead')).map((e) => e.outerHTML.slice(0, 80))`;
    assert.deepEqual(await page.evaluate(wider), [], `${width} px`);
  }
  assert.equal(await page.getByRole('cell', { name: /refused/ }).count(), 1, 'it is still a table');
  await page.locator('.causes ul').focus();
  const region = page.getByRole('region', { name: 'domains' });
  await region.focus();
  assert.equal(await region.evaluate((element) => element === document.activeElement), true);
});
