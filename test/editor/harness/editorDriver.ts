import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Frame, Locator, Page } from 'playwright-core';
import type { EditorWindow, HostTestsEnd } from './backend.ts';
import type { Sandbox } from './openEditor.ts';

const STEP_MS = 60_000;
const LOOK_AGAIN_MS = 50;

/** What a person does with the editor, by keyboard and screen. Every step waits for what it needs to see. */
export class EditorDriver {
  readonly page: Page;
  readonly workspace: string;
  /** The engine's state directory of this test. */
  readonly state: string;
  /** The person's settings.json. */
  readonly settingsFile: string;
  readonly hostTestsEnded: Promise<HostTestsEnd>;
  readonly #repository: string;
  #close: () => Promise<void> = async () => {};

  constructor(window: EditorWindow, sandbox: Sandbox, repository: string) {
    this.page = window.page;
    this.page.setDefaultTimeout(STEP_MS);
    this.workspace = sandbox.workspace;
    this.state = sandbox.state;
    this.settingsFile = window.settingsFile;
    this.hostTestsEnded = window.hostTestsEnded;
    this.#repository = repository;
  }

  onClose(close: () => Promise<void>): void {
    this.#close = close;
  }

  /** Closes the window; the engine goes on. */
  close(): Promise<void> {
    return this.#close();
  }

  /** By the editor's own command, which keeps what is open; a page that is just loaded again may not. */
  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent('load');
    await this.runCommand('Developer: Reload Window');
    await loaded;
    await this.ready();
  }

  /** The workbench is drawn and the extension host has answered. */
  async ready(): Promise<void> {
    await this.page.locator('.monaco-workbench .part.statusbar').waitFor();
    await this.page.locator('.monaco-workbench .explorer-folders-view .monaco-list-row').first().waitFor();
  }

  get quickInput(): Locator {
    return this.page.locator('.quick-input-widget');
  }

  /** Runs a command by its title in the palette, such as "Envoi: Send Newsletter…". */
  async runCommand(title: string): Promise<void> {
    await this.#choose('F1', `>${title}`, title);
  }

  /** Whether the palette offers exactly this title now. */
  async offersCommand(title: string): Promise<boolean> {
    await this.openPalette(title);
    const found = await this.#rowsOf(title);
    await this.page.keyboard.press('Escape');
    return found.includes(title);
  }

  /** Opens the palette filtered by the text and gives back the titles it shows. */
  async openPalette(text: string): Promise<string[]> {
    await this.page.keyboard.press('F1');
    await this.quickInput.locator('input').fill(`>${text}`);
    await this.quickInput.locator('.monaco-list-row').first().waitFor();
    return this.#rowsOf(text);
  }

  /** Opens a file of the workspace by its relative path. */
  async openFile(path: string): Promise<void> {
    const name = path.split('/').at(-1) ?? path;
    await this.#choose('Control+P', path, name);
    await this.page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
  }

  /** Chooses an entry of the open quick pick by its label. */
  async pick(label: string | RegExp): Promise<void> {
    const row = this.quickInput.locator('.monaco-list-row').filter({ hasText: label }).first();
    await row.waitFor();
    await row.click();
  }

  /** Fills the open input box and presses Enter. */
  async answer(text: string): Promise<void> {
    const input = this.quickInput.locator('input').first();
    await input.fill(text);
    await input.press('Enter');
  }

  /**
   * Gives a path to the editor's own file dialog, which offers one that ends with `offered`: what is typed before it
   * has put that in is overwritten.
   */
  async answerPath(path: string, offered: string): Promise<void> {
    const input = this.quickInput.locator('input').first();
    const has = (wanted: (value: string) => boolean, what: string) =>
      this.until(() => input.inputValue({ timeout: 5_000 }).catch(() => ''), wanted, what);
    await has((value) => value.endsWith(offered), `the dialog to offer ${offered}`);
    await input.fill(path);
    await has((value) => value === path, `the dialog to hold ${path}`);
    await input.press('Enter');
    // The next question may stand there as soon as this one is answered.
    const gone = async () =>
      !(await this.quickInput.isVisible()) || (await input.inputValue().catch(() => '')) !== path;
    await this.until(gone, (yes) => yes, 'the dialog to be gone');
  }

  /** Opens the quick fixes where the cursor is, and gives back the one with this label. */
  async quickFix(label: string): Promise<Locator> {
    const fix = this.page.locator('.action-widget').getByText(label);
    const deadline = Date.now() + STEP_MS;
    for (;;) {
      await this.page.keyboard.press('Control+.');
      const found = await fix.waitFor({ timeout: 3_000 }).then(
        () => true,
        () => false,
      );
      if (found) return fix;
      // A menu that opened before the problem was known offers something else.
      await this.page.keyboard.press('Escape');
      assert.ok(Date.now() < deadline, `No quick fix "${label}" was offered.`);
    }
  }

  get dialog(): Locator {
    return this.page.locator('.monaco-dialog-box');
  }

  /** Waits for the modal dialog and gives back its whole text. */
  async dialogText(): Promise<string> {
    await this.dialog.waitFor();
    return this.dialog.innerText();
  }

  async pressButton(label: string | RegExp): Promise<void> {
    // The next dialog may stand there as soon as this one is gone.
    const dialog = await this.dialog.elementHandle();
    await this.dialog.locator('.monaco-button', { hasText: label }).first().click();
    await dialog?.waitForElementState('hidden');
  }

  notification(text: string | RegExp): Locator {
    return this.page.locator('.notifications-toasts .notification-toast', { hasText: text }).first();
  }

  async notifications(): Promise<string[]> {
    return this.page
      .locator('.notifications-toasts .notification-toast .notification-list-item-message')
      .allInnerTexts();
  }

  /** An item of the status bar by the id it was made with, such as "envoi.delivery". */
  statusItem(id: string): Locator {
    return this.page.locator(`.part.statusbar .statusbar-item[id$="${id}"]`);
  }

  async statusBar(): Promise<string[]> {
    const texts = await this.page.locator('.part.statusbar .statusbar-item').allInnerTexts();
    return texts.map((text) => text.trim()).filter((text) => text !== '');
  }

  /** The first frame, of any depth, that has the selector; e.g. the rendered letter in the preview. */
  async frameWith(selector: string): Promise<Frame> {
    const deadline = Date.now() + STEP_MS;
    while (Date.now() < deadline) {
      for (const frame of this.page.frames())
        if (
          (await frame
            .locator(selector)
            .count()
            .catch(() => 0)) > 0
        )
          return frame;
      await this.page.waitForEvent('framenavigated', { timeout: 250 }).catch(() => undefined);
    }
    throw new Error(`No frame shows ${selector}.`);
  }

  /** Replaces the text of the active editor by typing: what is typed before the editor has the focus is lost. */
  async replaceText(text: string): Promise<void> {
    await this.page.locator('.editor-instance .monaco-editor.focused').first().waitFor();
    await this.page.keyboard.press('Control+A');
    await this.page.keyboard.insertText(text);
  }

  /** Waits until `look` gives what `wanted` accepts, looking again after every change of the page. */
  async until<T>(look: () => Promise<T>, wanted: (value: T) => boolean, what: string, ms = STEP_MS): Promise<T> {
    const deadline = Date.now() + ms;
    for (;;) {
      const value = await look();
      if (wanted(value)) return value;
      assert.ok(Date.now() < deadline, `Waited in vain for ${what}; it is ${JSON.stringify(value)}.`);
      if (this.page.isClosed()) await setTimeout(LOOK_AGAIN_MS);
      else await this.page.evaluate('new Promise((resolve) => requestAnimationFrame(resolve))');
    }
  }

  /** The text of settings.json, whole: the editor empties the file before it writes it. */
  settingsText(): Promise<string> {
    return this.until(
      () => readFile(this.settingsFile, 'utf8'),
      (text) => text.trimEnd().endsWith('}'),
      'settings.json to be written',
    );
  }

  /** Clicks until what it brings is there: a lens that is being drawn anew takes no click. */
  async clickFor(target: Locator, brings: Locator): Promise<void> {
    const brought = async () => {
      if (!(await brings.isVisible())) await target.click({ timeout: 3_000 }).catch(() => undefined);
      return brings.waitFor({ timeout: 5_000 }).then(
        () => true,
        () => false,
      );
    };
    await this.until(brought, (there) => there, 'what the click brings');
  }

  /** Saves a picture: in docs/images with UPDATE_IMAGES=1, otherwise in test-results. */
  async screenshot(name: string, of?: Locator): Promise<string> {
    const folder = process.env.UPDATE_IMAGES === '1' ? 'docs/images' : 'test-results/images';
    return this.#picture(join(this.#repository, folder), name, of);
  }

  async pictureOfFailure(name: string): Promise<string> {
    return this.#picture(join(this.#repository, 'test-results/failed'), name.replace(/[^\w-]+/g, '-').slice(0, 80));
  }

  async #picture(folder: string, name: string, of?: Locator): Promise<string> {
    const path = join(folder, `${name}.png`);
    await mkdir(dirname(path), { recursive: true });
    await (of ?? this.page).screenshot({ path, animations: 'disabled' });
    return path;
  }

  async #rowsOf(text: string): Promise<string[]> {
    assert.equal((await this.quickInput.locator('input').inputValue()).replace(/^>/, ''), text);
    const labels = this.quickInput.locator('.monaco-list-row .quick-input-list-label .label-name');
    return (await labels.allInnerTexts()).map((label) => label.trim());
  }

  /** Opens a quick pick by key, filters it, and takes the entry with exactly this label. */
  async #choose(key: string, filter: string, label: string): Promise<void> {
    const deadline = Date.now() + STEP_MS;
    const row = this.quickInput.locator('.monaco-list-row').filter({
      has: this.page.locator('.quick-input-list-label .label-name').getByText(label, { exact: true }),
    });
    const input = this.quickInput.locator('input').first();
    for (;;) {
      await this.page.keyboard.press(key);
      // A key pressed while a webview has or gives up the focus is lost; so is a click on a list that is being drawn anew.
      const chosen = await input
        .fill(filter, { timeout: 5_000 })
        .then(() => row.first().click({ timeout: 5_000 }))
        .then(() => this.#hasLeft(filter))
        .catch(() => false);
      if (chosen) return;
      await this.page.keyboard.press('Escape');
      assert.ok(Date.now() < deadline, `The list never offered "${label}".`);
    }
  }

  /** Whether the list has gone, or another one has taken its place, soon after a row was chosen. */
  async #hasLeft(filter: string): Promise<boolean> {
    const gone = `(() => {
      const list = document.querySelector('.quick-input-widget');
      if (!list || getComputedStyle(list).display === 'none') return true;
      return list.querySelector('input')?.value !== ${JSON.stringify(filter)};
    })()`;
    await this.page.waitForFunction(gone, undefined, { timeout: 15_000 });
    return true;
  }
}
