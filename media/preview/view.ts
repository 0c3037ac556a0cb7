import type { PreviewView } from '../../src/protocol/previewMessages.ts';

export interface KeptView {
  readonly view: PreviewView;
  /** What was left when the window was reloaded; null for a new panel. */
  readonly kept: PreviewView | null;
  keep(change: Partial<PreviewView>): void;
}

/** How a person has arranged the page; the editor keeps it over a reload of the window. */
export function keptView(state: PreviewView | null, save: (view: PreviewView) => void): KeptView {
  const { document: uri = '', images, locked } = document.body.dataset;
  const kept = state?.document === uri ? state : null;
  const view: PreviewView = {
    ...(kept ?? {
      index: -1,
      tab: 'html',
      width: 'desktop',
      scheme: 'light',
      scroll: 0,
      problemsOpen: false,
      inboxOpen: false,
    }),
    document: uri,
    images: images === 'yes',
    locked: locked === 'yes',
  };
  return {
    view,
    kept,
    keep(change) {
      Object.assign(view, change);
      save(view);
    },
  };
}
