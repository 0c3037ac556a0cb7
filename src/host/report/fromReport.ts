import type { FromReport, ReportAction, ReportFilter, ReportState } from '../../protocol/reportMessages.ts';

const actions: readonly ReportAction[] = [
  'pause',
  'resume',
  'cancel',
  'resendFailed',
  'decideInDoubt',
  'exportCsv',
  'showSent',
  'compare',
];
const filters: readonly ReportFilter[] = ['all', 'sent', 'failed', 'waiting', 'inDoubt', 'suppressed'];

type Check = (message: Record<string, unknown>) => boolean;

const isWhole = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
const isText = (value: unknown) => typeof value === 'string' && value.length <= 1000;

const checks: Record<FromReport['type'], Check> = {
  ready: ({ view }) => view === null || isReportState(view),
  query: ({ query, filter, search, after }) =>
    isWhole(query) && isWhole(after) && isText(search) && filters.includes(filter as ReportFilter),
  attempts: ({ id }) => isWhole(id),
  act: ({ action }) => actions.includes(action as ReportAction),
  openLine: ({ line }) => isWhole(line),
};

export function isFromReport(message: unknown): message is FromReport {
  if (typeof message !== 'object' || message === null || !('type' in message)) return false;
  const { type } = message;
  if (typeof type !== 'string' || !Object.hasOwn(checks, type)) return false;
  return checks[type as FromReport['type']](message as unknown as Record<string, unknown>);
}

export function isReportState(value: unknown): value is ReportState {
  if (typeof value !== 'object' || value === null) return false;
  const state = value as Partial<Record<keyof ReportState, unknown>>;
  return (
    isText(state.campaign) &&
    isText(state.search) &&
    typeof state.scroll === 'number' &&
    filters.includes(state.filter as ReportFilter)
  );
}
