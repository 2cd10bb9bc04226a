import { pageOf, waitingPage } from "../page.ts";
import { type Report, reportOf } from "../report.ts";
import { RunReader } from "../run_reader.ts";

/** Milliseconds between two looks at a run folder at least. */
const LEAST_PAUSE = 1000;

/**
 * The pause after a look is at least this many times what the look took: less than a hundredth of the time.
 */
const PAUSE = 100;

/** Milliseconds after which a page hears that the run is still followed, even if nothing is new. */
const ALIVE = 5000;

const encoder = new TextEncoder();

/** A page that follows the run. */
type Reader = ReadableStreamDefaultController<Uint8Array>;

/** A run as pages follow it. Its folder is looked at only while there are any. */
export class LiveRun {
  readonly #readers = new Set<Reader>();
  #path: string | undefined;
  #reader: RunReader | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #look: Promise<void> | undefined;
  #last = "";
  #told = 0;
  #isEnded = false;

  /** Path of the run folder, once it is known. */
  get path(): string | undefined {
    return this.#path;
  }

  /** Says which run it is. */
  show(path: string): void {
    this.#path = path.replace(/(?<=.)[\\/]+$/, "");
    this.#reader = new RunReader(this.#path);
    if (this.#readers.size > 0) this.#schedule(0);
  }

  /** The page as it is now; one that waits while there is no run. */
  async page(): Promise<string> {
    const report = await this.#read();
    return report ? await pageOf(report, { live: true }) : waitingPage();
  }

  /** A stream of server-sent events: the report as it is, and again each time it changes. */
  events(): ReadableStream<Uint8Array> {
    let own: Reader;
    return new ReadableStream<Uint8Array>({
      start: (controller) => {
        own = controller;
        this.#readers.add(controller);
        this.#last = "";
        this.#told = performance.now();
        this.#schedule(0);
      },
      cancel: () => {
        this.#readers.delete(own);
        if (this.#readers.size === 0) clearTimeout(this.#timer);
      },
    }, { highWaterMark: 2 });
  }

  /** Sends the report a last time, and says that no more will come. */
  async end(): Promise<void> {
    this.#isEnded = true;
    clearTimeout(this.#timer);
    await this.#look;
    const report = this.#readers.size > 0 ? await this.#read().catch(() => undefined) : undefined;
    this.#send("end", report ? JSON.stringify(report) : "", true);
    for (const reader of this.#readers) reader.close();
    this.#readers.clear();
  }

  async #read(): Promise<Report | undefined> {
    return this.#reader && await reportOf(await this.#reader.read(), false);
  }

  #schedule(pause: number): void {
    if (this.#isEnded) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look = this.#lookAgain(), pause);
  }

  /** Looks at the folder, and tells what is new. */
  async #lookAgain(): Promise<void> {
    const began = performance.now();
    try {
      const report = await this.#read();
      // When it was read is no news
      const content = JSON.stringify({ ...report, written: "" });
      if (report && content !== this.#last) {
        this.#last = content;
        this.#send("report", JSON.stringify(report));
      } else if (began - this.#told > ALIVE) this.#send("alive", "");
    } catch {
      // A run may be writing, or going back: the next look is soon, and a page that hears nothing says so
    }
    if (this.#readers.size > 0) this.#schedule(Math.max(LEAST_PAUSE, PAUSE * (performance.now() - began)));
  }

  /**
   * Sends an event to all pages but those that have not taken the last ones: the next report has all of this
   * one.
   */
  #send(event: string, data: string, always = false): void {
    this.#told = performance.now();
    const bytes = encoder.encode(`event: ${event}\ndata: ${data}\n\n`);
    for (const reader of this.#readers) if (always || (reader.desiredSize ?? 0) > 0) reader.enqueue(bytes);
  }
}
