import type { DatasetProgress } from "../../../plugins/datasets/mod.ts";
import { printable } from "./printable.ts";
import type { Terminal } from "./terminal.ts";
import { bytes, duration, fitParts } from "./text.ts";

/** Seconds between lines if output is not a terminal. */
const PIPE_SECONDS = 10;
/** Seconds between two drawings of the line on a terminal. */
const DRAW_SECONDS = 0.1;

/** Shows how far a download, or another long work, has come: one line drawn over and over, or a line now and then in a pipe. */
export class ProgressLine {
  readonly #terminal: Terminal;
  readonly #now: () => number;
  #drawn = false;
  #last = -Infinity;
  /** What is shown, and when and where it began. */
  #work = "";
  #began = { time: 0, done: 0 };

  /** @param now Milliseconds, from any start. */
  constructor(terminal: Terminal, now: () => number = () => performance.now()) {
    this.#terminal = terminal;
    this.#now = now;
  }

  /** Shows how far something has come. */
  show(progress: DatasetProgress): void {
    const now = this.#now();
    if (progress.what !== this.#work) {
      this.#work = progress.what;
      this.#began = { time: now, done: progress.done };
      this.#last = this.#terminal.isTerminal ? -Infinity : now;
    }
    const isOver = progress.done === progress.total;
    const pause = 1000 * (this.#terminal.isTerminal ? DRAW_SECONDS : PIPE_SECONDS);
    if (now - this.#last < pause && !(isOver && this.#terminal.isTerminal)) return;
    this.#last = now;
    const text = progressText(progress, this.#began.done, (now - this.#began.time) / 1000, this.columns);
    if (this.#terminal.isTerminal) this.draw(text);
    else this.write(text);
  }

  /** Columns that it may have: a line that wraps could not be drawn over, and some terminals wrap on the last column. */
  get columns(): number {
    return this.#terminal.isTerminal ? this.#terminal.columns() - 1 : Infinity;
  }

  /** Draws a text in its place, on a terminal. */
  draw(text: string): void {
    this.#terminal.write(`\r${text}\x1b[K`);
    this.#drawn = true;
  }

  /** Writes a line that stays. It may hold what others have named. */
  write(text: string): void {
    this.clear();
    this.#terminal.write(`${printable(text)}\n`);
  }

  /** Takes the progress line away. */
  clear(): void {
    if (this.#drawn) this.#terminal.write("\r\x1b[K");
    this.#drawn = false;
  }
}

/** Columns of a name at least that is shortened, so that it can be told from others. */
const LEAST_NAME = 16;

/** What fits of a line that begins with a name: a long one is shortened in its middle before numbers go. */
function fitNamed([name = "", ...numbers]: readonly string[], columns: number): string {
  const taken = numbers.reduce((sum, part) => sum + 2 + part.length, 0);
  const room = Math.max(LEAST_NAME, columns - taken);
  const half = (room - 1) / 2;
  const short = name.length <= room
    ? name
    : `${name.slice(0, Math.ceil(half))}…${name.slice(name.length - Math.floor(half))}`;
  // How much there is of it is the least that is said
  const [amount = "", ...others] = numbers;
  return fitParts([`${short}  ${amount}`, ...others], columns);
}

/** A line such as `a.gz  12.0 MiB of 24.1 MiB, 50 %  3.1 MiB/s  4.0 s left`, as far as there is room. */
export function progressText(
  { what, done, total, unit }: DatasetProgress,
  before: number,
  seconds: number,
  columns = Infinity,
): string {
  const amount = (value: number): string => unit === "bytes" ? bytes(value) : String(Math.round(value));
  const speed = seconds > 0 ? (done - before) / seconds : 0;
  const parts = [printable(what)];
  parts.push(
    total === undefined
      ? amount(done)
      : `${amount(done)} of ${amount(total)}${unit === "images" ? total === 1 ? " image" : " images" : ""}, ${
        Math.floor(100 * done / Math.max(1, total))
      } %`,
  );
  if (speed > 0) {
    parts.push(unit === "bytes" ? `${bytes(speed)}/s` : `${Math.round(speed)} images/s`);
    if (total !== undefined && total > done) parts.push(`${duration((total - done) / speed)} left`);
  }
  return fitNamed(parts, columns);
}
