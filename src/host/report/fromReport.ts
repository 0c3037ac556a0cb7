import type { FromReport, ReportState } from '../../protocol/reportMessages.ts';
import { fields, finite, fits, nullable, oneOf, type Shape, text, variants, whole } from '../../protocol/shape.ts';

const filter = oneOf('all', 'sent', 'failed', 'waiting', 'inDoubt', 'suppressed', 'cancelled');
const state: Shape<ReportState> = fields({ campaign: text(), filter, search: text(), scroll: finite });

const message = variants<FromReport>({
  ready: fields({ view: nullable(state) }),
  query: fields({ query: whole, filter, search: text(), after: whole }),
  attempts: fields({ id: whole }),
  act: fields({
    action: oneOf(
      'pause',
      'resume',
      'cancel',
      'resendFailed',
      'decideInDoubt',
      'exportCsv',
      'showSent',
      'compare',
      'delete',
    ),
  }),
  openLine: fields({ line: whole, list: whole }),
});

/** Messages from a page are checked like any external input: types end at the pipe. */
export const isFromReport = (value: unknown): value is FromReport => fits(message, value);

export const isReportState = (value: unknown): value is ReportState => fits(state, value);
