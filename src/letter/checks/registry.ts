import { bulkMail } from './bulkMail.ts';
import type { Advice, MustHave } from './check.ts';
import { clientSupport } from './clientSupport.ts';
import { clipped } from './clipped.ts';
import { deadLink } from './deadLink.ts';
import { feedbackId } from './feedbackId.ts';
import { fieldEmpty } from './fieldEmpty.ts';
import { fieldValue } from './fieldValue.ts';
import { imageAlt } from './imageAlt.ts';
import { insecureLink } from './insecureLink.ts';
import { notAligned } from './notAligned.ts';
import { oneClick } from './oneClick.ts';
import { overQuota } from './overQuota.ts';
import { sender } from './sender.ts';
import { subjectMissing } from './subjectMissing.ts';
import { wrongEncoding } from './wrongEncoding.ts';

/** The only registration of checks on a letter; those on its list are in `listFindings.ts`. */
export const mustHaves: readonly MustHave[] = [wrongEncoding, sender, subjectMissing, bulkMail, feedbackId];

export const advice: readonly Advice[] = [
  fieldEmpty,
  fieldValue,
  imageAlt,
  deadLink,
  insecureLink,
  clientSupport,
  clipped,
  notAligned,
  overQuota,
  oneClick,
];
