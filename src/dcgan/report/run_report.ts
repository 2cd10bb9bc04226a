import type { RunFolder } from "../run/folder/run_folder.ts";
import { RunReader } from "./run_reader.ts";
import { REPORT_FILE, writePage } from "./write_report.ts";

/** Milliseconds between two reports at least. */
const LEAST_PAUSE = 10_000;

/**
 * The pause after a report is at least this many times what the report took: less than a hundredth of the
 * time.
 */
const PAUSE = 150;

/** Keeps the report of a run up to date as it trains. */
export class RunReport {
  readonly #folder: RunFolder;
  readonly #warn: (message: string) => void;
  readonly #now: () => number;
  #reader: RunReader;
  #next: number;
  #isWritten = false;
  #isChanged = false;
  #isTold = false;

  /**
   * @param warn Gets why a report cannot be written, once until it works again: training does not depend on
   * it.
   * @param now Milliseconds, from any start.
   */
  constructor(folder: RunFolder, warn: (message: string) => void, now = () => performance.now()) {
    this.#folder = folder;
    this.#reader = new RunReader(folder.path);
    this.#warn = warn;
    this.#now = now;
    this.#next = now() + LEAST_PAUSE;
  }

  /** Says that there are numbers that it does not show. */
  change(): void {
    this.#isChanged = true;
  }

  /** Writes it, if none was written: with the first samples, there is something to see. */
  async writeFirst(): Promise<void> {
    if (!this.#isWritten) await this.write();
  }

  /** Writes it, if the last one is old enough. */
  async writeIfDue(): Promise<void> {
    if (this.#now() >= this.#next) await this.write();
  }

  /** Writes it, if there are numbers that it does not show. */
  async writeIfChanged(): Promise<void> {
    if (this.#isChanged) await this.write();
  }

  /** Writes it. */
  async write(): Promise<void> {
    const began = this.#now();
    this.#isWritten = true;
    this.#isChanged = false;
    try {
      await writePage(this.#reader, `${this.#folder.path}/${REPORT_FILE}`);
      this.#isTold = false;
    } catch (error) {
      if (!this.#isTold) {
        const reason = error instanceof Error ? error.message : `${error}`;
        this.#warn(`${reason}. Training continues without a new ${REPORT_FILE}`);
      }
      this.#isTold = true;
      // It may have read only a part
      this.#reader = new RunReader(this.#folder.path);
    }
    const end = this.#now();
    this.#next = end + Math.max(LEAST_PAUSE, PAUSE * (end - began));
  }
}
