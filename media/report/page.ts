import type {
  FromReport,
  ReportState,
  ReportStrings,
  ReportView,
  ToReport,
} from '../../src/protocol/reportMessages.ts';
import { announcer, fill, make } from '../shared/dom.ts';
import { connect, words as readWords } from '../shared/host.ts';
import { icon } from '../shared/icons.ts';
import { patchChildren } from '../shared/patch.ts';
import { RecipientList } from './recipients.ts';
import { causes, figures, heading, overTime, totals } from './sections.ts';

/** The report's page. Each report changes what it shows in place. */
export function createReport(): void {
  const words = readWords<ReportStrings>();
  const host = connect<FromReport, ToReport, ReportState>();
  const campaign = document.body.dataset.campaign ?? '';
  const kept = host.state?.campaign === campaign ? host.state : null;
  const state: ReportState = kept ?? { campaign, filter: 'all', search: '', scroll: 0 };
  const live = announcer();
  const top = make('div', { class: 'report-top' });
  const banner = make('div', { class: 'banner', role: 'alert' });
  banner.hidden = true;
  const refused = make('div', {});
  const list = new RecipientList(
    words,
    state,
    (message) => host.send(message),
    (filter, search) => {
      Object.assign(state, { filter, search });
      host.keep(state);
    },
  );
  const waiting = make('p', { class: 'empty' }, words.loading);
  const main = make('main', { class: 'report' }, banner, waiting, top, list.element, refused, live.element);
  list.element.hidden = true;
  document.body.append(main);
  let saidAt = -1;
  let restored = false;

  const show = (report: ReportView) => {
    const act = (action: ReportView['actions'][number]) => host.send({ type: 'act', action });
    patchChildren(top, [
      heading(words, report, act),
      totals(words, report, (filter) => list.show(filter)),
      make('div', { class: 'pair' }, overTime(words, report), causes(words, report)),
      figures(words, report),
    ]);
    patchChildren(refused, [report.refusedRows.length > 0 ? refusedRows(words, report, host.send) : null]);
    waiting.hidden = true;
    list.element.hidden = false;
    list.refresh(false);
    const percent = report.total === 0 ? 0 : Math.floor(((report.total - report.counts.waiting) / report.total) * 10);
    if (percent !== saidAt) {
      saidAt = percent;
      live.say(fill(words.percent, percent * 10));
    }
    if (!restored) {
      restored = true;
      requestAnimationFrame(() => document.body.scrollTo({ top: state.scroll }));
    }
  };

  whenScrolled((scroll) => {
    state.scroll = scroll;
    host.keep(state);
  });

  host.listen((message) => {
    switch (message.type) {
      case 'report':
        banner.hidden = true;
        show(message.report);
        return;
      case 'rows':
        list.take(message.query, message.after, message.rows, message.more);
        return;
      case 'attempts':
        list.takeAttempts(message.id, message.attempts);
        return;
      case 'failure':
        banner.hidden = false;
        banner.replaceChildren(...failed(words, message.text, () => host.send({ type: 'ready', view: state })));
        waiting.hidden = true;
        return;
      default:
        message satisfies never;
    }
  });
  host.keep(state);
  host.send({ type: 'ready', view: kept });
}

/** Calls back when scrolling has stopped. */
function whenScrolled(rests: (scroll: number) => void): void {
  let timer = 0;
  document.body.addEventListener('scroll', () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => rests(document.body.scrollTop), 200);
  });
}

/** Rows of the list that got no message, each with its reason and its line. */
function refusedRows(words: ReportStrings, report: ReportView, send: (message: FromReport) => void): HTMLElement {
  const rows = report.refusedRows.slice(0, 200).map((row) =>
    make(
      'li',
      {},
      make(
        'button',
        {
          type: 'button',
          class: 'link',
          'data-key': `${row.list}:${row.line}`,
          click: () => send({ type: 'openLine', line: row.line, list: row.list }),
        },
        fill(words.line, row.line),
      ),
      ` ${row.address} `,
      make('span', { class: 'soft' }, row.text),
    ),
  );
  return make(
    'details',
    { class: 'card refused' },
    make('summary', {}, make('h2', {}, `${words.refusedRows} (${report.refused})`)),
    report.leftOut ? make('p', { class: 'by-reason' }, report.leftOut) : null,
    make('ul', {}, ...rows),
  );
}

function failed(words: ReportStrings, text: string, again: () => void): (Node | string)[] {
  return [
    icon('error'),
    make('span', { class: 'banner-text' }, text),
    make('button', { type: 'button', class: 'link', click: again }, words.reload),
  ];
}
