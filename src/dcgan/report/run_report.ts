import type { RunFolder } from "../run/folder/run_folder.ts";
import { Pacer } from "./pacer.ts";
import { RunReader } from "./run_reader.ts";
import { REPORT_FILE, writePage } from "./write_report.ts";

/** Keeps the report of a run up to date as it trains. */
export class RunReport {
  readonly #folder: RunFolder;
  readonly #warn: (message: string) => void;
  readonly #pacer: Pacer;
  #reader: RunReader;
  #isWritten = false;
  #isChanged = false;
  #isTold = false;

  /**
   * @param warn Gets why a report cannot be written, once until it works again: training does not depend on
   * it.
   * @param now Milliseconds, from any start.
   */
  constructor(folder: RunFolder, warn: (message: string) => void, now?: () => number) {
    this.#folder = folder;
    this.#reader = new RunReader(folder.path);
    this.#warn = warn;
    this.#pacer = new Pacer(now);
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
    if (this.#pacer.isDue) await this.write();
  }

  /** Writes it, if there are numbers that it does not show. */
  async writeIfChanged(): Promise<void> {
    if (this.#isChanged) await this.write();
  }

  /** Writes it. */
  async write(): Promise<void> {
    this.#isWritten = true;
    this.#isChanged = false;
    try {
      await this.#pacer.work(() => writePage(this.#reader, `${this.#folder.path}/${REPORT_FILE}`));
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
  }
}
