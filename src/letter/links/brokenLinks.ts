import type { Document } from '../../compose/document/document.ts';
import { type Finding, msg } from '../../shared/errors.ts';
import { elementsOf } from '../checks/elements.ts';
import type { LinkState } from './checkLinks.ts';

/** Links of a letter as written, in their order. */
export function linksOf(document: Document): string[] {
  return elementsOf(document).links.map(({ href }) => href);
}

/** A warning at each link that did not respond well. */
export function brokenLinks(document: Document, states: ReadonlyMap<string, LinkState>): Finding[] {
  return elementsOf(document).links.flatMap(({ href, place }): Finding[] => {
    const state = states.get(href);
    if (!state || state.kind === 'fine') return [];
    const text =
      state.kind === 'status'
        ? msg('The link {0} responds with {1}.', href, String(state.status))
        : msg('The link {0} does not respond: {1}.', href, state.reason);
    return [{ severity: 'warning', code: 'brokenLink', text, place }];
  });
}
