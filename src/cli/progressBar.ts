import { type CampaignSnapshot, failedCount } from '../shared/campaign.ts';
import { cut } from '../shared/displayWidth.ts';
import { spanText } from '../shared/duration.ts';
import { msg } from '../shared/errors.ts';
import { attentionWords } from './attentionWords.ts';
import { bold, dim, green, number, oneLine, print, red, safe, yellow } from './terminal.ts';
import { say, words } from './words.ts';

const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
/** Without a terminal a line is written at each of these shares. */
const STEPS = 10;

/** Progress on a terminal, redrawn in place; elsewhere a plain line every tenth. */
export class ProgressBar {
  #drawn = 0;
  #lastStep = -1;
  #lastNote = '';
  #word = '';
  #last: CampaignSnapshot | null = null;
  readonly #tty = process.stdout.isTTY === true;

  /** Text that stays visible from now on. */
  say(word: string): void {
    this.#word = word;
    if (!this.#tty) print(word);
    else if (this.#last) this.#redraw(this.#last);
  }

  draw(snapshot: CampaignSnapshot): void {
    this.#last = snapshot;
    if (this.#tty) this.#redraw(snapshot);
    else this.#step(snapshot);
  }

  /** Leaves the last state on the screen. */
  end(): void {
    if (this.#tty && this.#drawn > 0) process.stdout.write(`\n${SHOW_CURSOR}`);
    this.#drawn = 0;
  }

  #redraw(snapshot: CampaignSnapshot): void {
    const columns = Math.max(40, process.stdout.columns ?? 80);
    const lines = [bar(snapshot, columns), detail(snapshot, columns, this.#word)];
    const up = this.#drawn > 1 ? `\u001b[${this.#drawn - 1}A` : '';
    process.stdout.write(`${HIDE_CURSOR}${up}\r${lines.map((line) => `${safe(line)}\u001b[K`).join('\n')}`);
    this.#drawn = lines.length;
  }

  #step(snapshot: CampaignSnapshot): void {
    const { done, total } = share(snapshot);
    const step = total === 0 ? STEPS : Math.floor((done * STEPS) / total);
    const note = snapshot.attention.map(attentionWords).join('; ');
    if (step <= this.#lastStep && (note === '' || note === this.#lastNote)) return;
    this.#lastStep = Math.max(step, this.#lastStep);
    this.#lastNote = note;
    print(`${say(msg('{0} of {1}', done, total))}  ${words.rate(snapshot.rate)}/s${note ? `  ${note}` : ''}`);
  }
}

function share(snapshot: CampaignSnapshot): { done: number; total: number } {
  const { counts, total } = snapshot;
  return { done: total - counts.queued - counts.sending - counts.deferred, total };
}

function bar(snapshot: CampaignSnapshot, columns: number): string {
  const { done, total } = share(snapshot);
  const ratio = total === 0 ? 1 : done / total;
  const label = `${number(done)}/${number(total)}`;
  const percent = words.percent(Math.floor(ratio * 100) / 100).padStart(5);
  const width = Math.max(10, Math.min(48, columns - label.length - percent.length - 8));
  const cells = ratio * width;
  const full = Math.floor(cells);
  const part = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'][Math.floor((cells - full) * 8)] ?? '';
  const filled = '█'.repeat(full) + part;
  return `  ${green(filled)}${dim('░'.repeat(Math.max(0, width - filled.length)))} ${percent}  ${bold(label)}`;
}

function detail(snapshot: CampaignSnapshot, columns: number, word: string): string {
  const { counts, rate, etaAt, attention } = snapshot;
  const failed = failedCount(snapshot);
  const parts = [
    ...(word ? [word] : []),
    ...(snapshot.state === 'running' ? [`${words.rate(rate)}/s`] : []),
    ...(etaAt > 0 ? [say(msg('{0} left', spanText(etaAt - Date.now())))] : []),
    ...(failed > 0 ? [say(msg('{0} failed', failed))] : []),
    ...(counts.deferred > 0 ? [say(msg('{0} retried later', counts.deferred))] : []),
    ...attention.map(attentionWords),
  ];
  const text = cut(oneLine(parts.join('  ·  ')), columns - 4);
  return `  ${attention.length > 0 || word ? yellow(text) : failed > 0 && rate === 0 ? red(text) : dim(text)}`;
}
