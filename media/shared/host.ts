interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** The one connection to the extension. Call once a page. */
export function connect<From extends { type: string }, To extends { type: string }, State>(): {
  send(message: From): void;
  listen(handle: (message: To) => void): void;
  state: State | null;
  keep(state: State): void;
} {
  const api = acquireVsCodeApi();
  return {
    send: (message) => api.postMessage(message),
    listen(handle) {
      window.addEventListener('message', (event: MessageEvent<unknown>) => {
        const message = event.data;
        // The letter's frame runs no script and cannot post; should it ever, it is not heard.
        const fromFrame = [...document.querySelectorAll('iframe')].some(
          (frame) => frame.contentWindow === event.source,
        );
        if (fromFrame || event.origin !== window.origin) return;
        handle(message as To);
      });
    },
    state: (api.getState() as State | undefined) ?? null,
    keep: (state) => api.setState(state),
  };
}

/** The words the host put into the page. */
export function words<T>(): T {
  return JSON.parse(document.body.dataset.strings ?? '{}') as T;
}
