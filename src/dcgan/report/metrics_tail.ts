import { host, type HostFile, SeekMode } from "../../host/host.ts";
import { parseMetrics } from "../numbers/metrics_file.ts";
import type { StepMetrics } from "../run/events.ts";

/** Bytes read at once. */
const CHUNK = 2 ** 16;

/** Reads a `metrics.jsonl` that grows: each time only what is new. */
export class MetricsTail {
  readonly #path: string;
  /** Bytes of the lines that were read. */
  #end = 0;
  /** The last of them, by which the file is known again. */
  #last = "";

  /** Of a file that need not be there yet. */
  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Gives the steps of lines that are new and whole to `take`, in their order. Damaged lines are left out.
   *
   * @param restart Called before, if the file is not what it was: a run that goes back cuts it, and writes
   * other lines.
   */
  async read(take: (step: StepMetrics) => void, restart: () => void): Promise<void> {
    let file: HostFile;
    try {
      file = await host().open(this.#path, { read: true });
    } catch (error) {
      if (host().problemOf(error) !== "NotFound") throw error;
      return this.#restart(restart);
    }
    using _file = file;
    const decoder = new TextDecoder("latin1");
    const chunk = new Uint8Array(CHUNK);
    if (!await this.#isKnown(file)) this.#restart(restart);
    await file.seek(this.#end, SeekMode.Start);
    let rest = "";
    for (let count; (count = await file.read(chunk)) !== null;) {
      const lines = (rest + decoder.decode(chunk.subarray(0, count))).split("\n");
      rest = lines.pop()!;
      for (const line of lines) {
        const step = parseMetrics(line);
        if (step) take(step);
        this.#end += line.length + 1;
      }
      this.#last = lines.at(-1) ?? this.#last;
    }
  }

  /** Whether the last line is where it was. */
  async #isKnown(file: HostFile): Promise<boolean> {
    if (this.#end === 0) return true;
    const line = new Uint8Array(this.#last.length + 1);
    await file.seek(this.#end - line.length, SeekMode.Start);
    for (let filled = 0; filled < line.length;) {
      const count = await file.read(line.subarray(filled));
      if (count === null) return false;
      filled += count;
    }
    return new TextDecoder("latin1").decode(line) === `${this.#last}\n`;
  }

  #restart(restart: () => void): void {
    if (this.#end > 0) restart();
    this.#end = 0;
    this.#last = "";
  }
}
