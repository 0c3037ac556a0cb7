import type { TestContext } from 'node:test';
import type { ReportLine } from '../../src/protocol/reportMessages.ts';
import { type OpenOptions, type OpenPage, openPage } from './openPage.ts';
import { reportWords, someReport } from './someReport.ts';

export const reportRow = (id: number, change: Partial<ReportLine> = {}): ReportLine => ({
  id,
  list: 0,
  line: id + 1,
  address: `reader${id}@example.org`,
  tone: 'sent',
  state: 'sent',
  detail: '',
  reply: '250 2.0.0 Ok: queued',
  transport: 'office',
  attempts: 1,
  when: '10:41',
  ...change,
});

export interface OpenReport extends OpenPage {
  /** Answers the page's last question for the list. */
  rows(rows?: readonly ReportLine[]): Promise<void>;
}

export async function openReport(test: TestContext, options: Partial<OpenOptions> = {}): Promise<OpenReport> {
  const opened = await openPage(test, {
    bundle: 'report',
    strings: reportWords,
    data: { campaign: someReport.id },
    ...options,
  });
  return {
    ...opened,
    async rows(
      rows = [reportRow(1), reportRow(2, { tone: 'failed', state: 'refused', reply: '550 5.1.1 No such user' })],
    ) {
      const { query } = await opened.message('query');
      await opened.send({ type: 'rows', query, after: 0, rows, more: false });
      await opened.page.locator('.row').first().waitFor();
    },
  };
}
