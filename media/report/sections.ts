import type {
  ReportAction,
  ReportFilter,
  ReportStrings,
  ReportTransport,
  ReportView,
} from '../../src/protocol/reportMessages.ts';
import { fill, make, words } from '../shared/dom.ts';
import { type IconName, icon } from '../shared/icons.ts';
import { progressChart } from './chart.ts';
import { type Column, cell, headCell, table } from './table.ts';

export const number = (value: number): string => words().number(value);

const actionIcons: Record<ReportAction, IconName> = {
  pause: 'pause',
  resume: 'play',
  cancel: 'close',
  resendFailed: 'retry',
  decideInDoubt: 'info',
  exportCsv: 'export',
  showSent: 'document',
  compare: 'diff',
  delete: 'close',
};

const primary: readonly ReportAction[] = ['resume', 'decideInDoubt', 'resendFailed'];

export function heading(words: ReportStrings, report: ReportView, act: (action: ReportAction) => void): HTMLElement {
  const first = report.actions.find((action) => primary.includes(action));
  return make(
    'header',
    { class: 'report-head' },
    make(
      'div',
      { class: 'report-title' },
      make('h1', {}, report.subject),
      make('span', { class: `state ${report.tone}` }, report.state),
      make('p', { class: 'about' }, report.about),
      ...report.returns.map((line) => make('p', { class: 'about returns' }, line)),
    ),
    make(
      'div',
      { class: 'actions', role: 'toolbar', 'aria-label': words.title },
      ...report.actions.map((action) =>
        make(
          'button',
          {
            type: 'button',
            class: action === first ? 'action primary' : 'action',
            'data-action': action,
            'data-key': action,
            click: () => act(action),
          },
          icon(actionIcons[action]),
          words.actions[action],
        ),
      ),
    ),
    ...report.attention.map((text) => make('p', { class: 'attention' }, icon('warning'), text)),
  );
}

const shares: readonly { filter: ReportFilter; tone: string }[] = [
  { filter: 'sent', tone: 'sent' },
  { filter: 'failed', tone: 'failed' },
  { filter: 'inDoubt', tone: 'doubt' },
  { filter: 'suppressed', tone: 'out' },
  { filter: 'cancelled', tone: 'out' },
];

/** The totals: a bar of all, and a tile for each outcome that filters the list below. */
export function totals(words: ReportStrings, report: ReportView, choose: (filter: ReportFilter) => void): HTMLElement {
  const { counts, total } = report;
  const settled = total - counts.waiting;
  const percent = total === 0 ? 0 : Math.floor((settled / total) * 100);
  const bar = make(
    'div',
    {
      class: 'bar',
      role: 'progressbar',
      'aria-valuemin': 0,
      'aria-valuemax': 100,
      'aria-valuenow': percent,
      'aria-label': words.progress,
    },
    ...shares.map(({ filter, tone }) => {
      const part = make('span', { class: `part ${tone}` });
      part.style.width = `${total === 0 ? 0 : (counts[filter] / total) * 100}%`;
      return part;
    }),
  );
  const pace = [report.rate > 0 ? fill(words.rate, Math.round(report.rate * 10) / 10) : '', report.eta];
  const tile = (label: string, value: number, tone: string, filter: ReportFilter | null) =>
    make(
      'button',
      {
        type: 'button',
        class: `tile ${tone}`,
        disabled: filter === null,
        'data-filter': filter ?? 'refused',
        'data-key': filter ?? 'refused',
        click: () => filter && choose(filter),
      },
      make('span', { class: 'tile-value' }, number(value)),
      make('span', { class: 'tile-label' }, label),
    );
  return make(
    'section',
    { class: 'totals', 'aria-label': words.progress },
    make(
      'div',
      { class: 'bar-line' },
      make('strong', {}, fill(words.of, settled, total)),
      make(
        'span',
        { class: 'soft' },
        [fill(words.percent, percent), ...pace].filter((part) => part !== '').join(' · '),
      ),
    ),
    bar,
    make(
      'div',
      { class: 'tiles' },
      tile(report.caught ? words.caught : words.sent, counts.sent, report.caught ? '' : 'sent', 'sent'),
      tile(words.failed, counts.failed, counts.failed > 0 ? 'failed' : '', 'failed'),
      tile(words.waiting, counts.waiting, '', 'waiting'),
      counts.inDoubt > 0 ? tile(words.inDoubt, counts.inDoubt, 'doubt', 'inDoubt') : null,
      counts.suppressed > 0 ? tile(words.suppressed, counts.suppressed, '', 'suppressed') : null,
      counts.cancelled > 0 ? tile(words.cancelled, counts.cancelled, '', 'cancelled') : null,
      report.refused > 0 ? tile(words.refused, report.refused, '', null) : null,
    ),
  );
}

export function overTime(words: ReportStrings, report: ReportView): HTMLElement {
  const label = fill(words.chart, report.counts.sent, report.counts.failed);
  return make(
    'section',
    { class: 'card over-time' },
    make('h2', {}, words.progress),
    report.timeline.length === 0
      ? make('p', { class: 'soft' }, words.chartEmpty)
      : (progressChart(report.timeline, label) as unknown as HTMLElement),
  );
}

export function causes(words: ReportStrings, report: ReportView): HTMLElement {
  const items = report.causes
    .slice(0, 30)
    .map((cause) =>
      make(
        'li',
        { class: `cause ${cause.severity}` },
        make('span', { class: 'cause-count' }, number(cause.count)),
        make(
          'div',
          { class: 'cause-words' },
          make('strong', {}, cause.title),
          make('p', {}, cause.meaning),
          make('p', { class: 'remedy' }, cause.remedy),
          cause.reply ? make('code', { class: 'reply' }, cause.reply) : null,
        ),
      ),
    );
  return make(
    'section',
    { class: 'card causes' },
    make('h2', {}, words.causes),
    items.length === 0
      ? make('p', { class: 'soft all-good' }, icon('pass'), words.noCauses)
      : make('ul', { tabindex: 0, 'aria-label': words.causes }, ...items),
  );
}

export function figures(words: ReportStrings, report: ReportView): HTMLElement {
  return make(
    'div',
    { class: 'pair' },
    make('section', { class: 'card' }, make('h2', {}, words.transports), servers(words, report)),
    make('section', { class: 'card' }, make('h2', {}, words.domains), domains(words, report)),
  );
}

function servers(words: ReportStrings, report: ReportView): HTMLElement {
  const columns: Column[] = [
    { label: words.server },
    { label: words.sent, kind: 'number' },
    { label: words.deferred, kind: 'number' },
    { label: words.rejected, kind: 'number' },
  ];
  const rows = report.transports.map((transport) =>
    make(
      'tr',
      { role: 'row' },
      headCell(
        make('span', { class: 'server-name' }, transport.name),
        make('span', { class: 'soft' }, ` ${transport.host} · ${transport.state}`),
        ...transport.quotas.map(quotaBar),
        transport.lastError ? make('code', { class: 'reply' }, transport.lastError) : null,
      ),
      ...[transport.sent, transport.deferred, transport.rejected].map((value, at) =>
        cell(columns[at + 1], { class: 'number' }, number(value)),
      ),
    ),
  );
  return table(words.transports, columns, make('tbody', {}, ...rows));
}

function quotaBar(quota: ReportTransport['quotas'][number]): HTMLElement {
  const filled = make('span', { class: 'quota-fill' });
  filled.style.width = `${quota.share * 100}%`;
  return make(
    'span',
    { class: 'quota', title: quota.text },
    make('span', { class: 'quota-track' }, filled),
    quota.text,
  );
}

function domains(words: ReportStrings, report: ReportView): HTMLElement {
  const columns: Column[] = [
    { label: words.domain },
    { label: words.total, kind: 'number' },
    { label: words.sent, kind: 'number' },
    { label: words.failed, kind: 'number' },
    { label: words.waiting, kind: 'number' },
    { label: words.other, kind: 'number' },
  ];
  const rows = report.domains
    .slice(0, 50)
    .map(({ domain, total, sent, failed, waiting, other }) =>
      make(
        'tr',
        { role: 'row' },
        headCell(domain),
        ...[total, sent, failed, waiting, other].map((value, at) =>
          cell(columns[at + 1], { class: at === 2 && failed > 0 ? 'number bad' : 'number' }, number(value)),
        ),
      ),
    );
  return table(words.domains, columns, make('tbody', {}, ...rows));
}
