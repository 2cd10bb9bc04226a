import { host, type HostFile } from "../../host/host.ts";
import type { StepMetrics } from "../run/events.ts";
import { STEP_NUMBERS } from "./step_numbers.ts";
import { AppendedFile } from "../../files/appended_file.ts";
import { writeFileAtomic } from "../../files/atomic_write.ts";
import { History } from "./history.ts";

/** What a `metrics.jsonl` says up to a step. */
export interface MetricsRead {
  /** The last step that is wanted of it. */
  readonly last: number;
  /** The numbers of the steps up to there. */
  readonly history: History;
  /** Steps up to there that it has no line for. */
  readonly missing: number;
  /** Lines before the end of that step that are damaged, or of a step that came before. */
  readonly wrong: number;
  /** Bytes up to the end of that step. */
  readonly end: number;
  /** Whether the file's first bytes are the steps wanted, and nothing else. */
  readonly isWhole: boolean;
}

/** Bytes read at once. */
const CHUNK = 2 ** 16;

/** No step has a longer line. */
const LONGEST = 2 ** 12;

/** `metrics.jsonl`: a line for each step, in the order of steps. Never held in memory as a whole. */
export class MetricsFile {
  /** Path of the file. */
  readonly path: string;
  readonly #file: AppendedFile;

  /** The file in a run folder, which need not be there yet. */
  constructor(path: string) {
    this.path = path;
    this.#file = new AppendedFile(path);
  }

  /** What it says up to a step; what comes later is not looked at. */
  async read(last: number): Promise<MetricsRead> {
    const history = new History();
    const sorter = new LineSorter(last);
    try {
      for await (const lines of goodLines(this.path, sorter)) for (const { step } of lines) history.add(step);
    } catch (cause) {
      throw failure("read", this.path, cause);
    }
    const { end, wrong, isWhole } = sorter;
    return { last, history, missing: last - history.count, wrong, end, isWhole };
  }

  /** Leaves the lines in it that {@linkcode read} found good, and no others. */
  async keep({ last, end, isWhole }: MetricsRead): Promise<void> {
    if (!isWhole) return await writeFileAtomic(this.path, goodBytes(this.path, last));
    try {
      if ((await host().stat(this.path)).size > end) await host().truncate(this.path, end);
    } catch (error) {
      if (host().problemOf(error) !== "NotFound") throw error;
    }
  }

  /**
   * Appends steps. Those that cannot be written are kept for the next time.
   *
   * @throws {Error} naming the file.
   */
  async append(steps: readonly StepMetrics[]): Promise<void> {
    const lines = steps.map((step) => `${JSON.stringify(step)}\n`);
    await this.#file.append(new TextEncoder().encode(lines.join("")));
  }

  /**
   * Forces all steps to disk, those as well that could not be written before.
   *
   * @throws {Error} naming the file.
   */
  async sync(): Promise<void> {
    await this.#file.sync();
  }
}

/** Tells good lines from others: those of ascending steps up to the last. */
class LineSorter {
  readonly #last: number;
  #before = 0;
  #read = 0;
  end = 0;
  wrong = 0;
  isWhole = true;
  isDone: boolean;

  constructor(last: number) {
    this.#last = last;
    this.isDone = last === 0;
  }

  /** The step of a line; undefined if it is not to be kept. */
  take(line: string, isCut: boolean): StepMetrics | undefined {
    this.#read += line.length + (isCut ? 0 : 1);
    const step = parseMetrics(line);
    if (!step || step.step <= this.#before || step.step > this.#last) {
      // Later steps will be written again, and are not errors of the file
      if (!step || step.step <= this.#before) this.wrong++;
      this.isWhole = false;
      return undefined;
    }
    this.#before = step.step;
    this.end = this.#read;
    if (isCut) this.isWhole = false;
    this.isDone = step.step === this.#last;
    return step;
  }
}

/** A line that is to be kept. */
interface GoodLine {
  readonly line: string;
  readonly step: StepMetrics;
}

/** The good lines of a file, as many at once as are read at once, up to the last one wanted. */
async function* goodLines(path: string, sorter: LineSorter): AsyncGenerator<GoodLine[]> {
  for await (const [lines, isCut] of linesOf(path)) {
    const good: GoodLine[] = [];
    for (const line of lines) {
      if (sorter.isDone) break;
      const step = sorter.take(line, isCut);
      if (step) good.push({ line, step });
    }
    yield good;
    if (sorter.isDone) return;
  }
}

/** The numbers of all steps in a file that are in good lines, as many at once as are read at once. */
export async function* stepsIn(path: string): AsyncGenerator<StepMetrics[]> {
  for await (const lines of goodLines(path, new LineSorter(Infinity))) yield lines.map(({ step }) => step);
}

/** The good lines of a file, to be written anew. */
async function* goodBytes(path: string, last: number): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for await (const lines of goodLines(path, new LineSorter(last))) {
    yield encoder.encode(lines.map(({ line }) => `${line}\n`).join(""));
  }
}

/**
 * The lines of a file, as many at once as are read at once, a character for each byte, and whether the file ends within
 * one; of a line that is too long only as much as shows that it is. None if there is no file.
 */
async function* linesOf(path: string): AsyncGenerator<[lines: string[], isCut: boolean]> {
  let file: HostFile;
  try {
    file = await host().open(path, { read: true });
  } catch (error) {
    if (host().problemOf(error) === "NotFound") return;
    throw error;
  }
  using _file = file;
  // Bytes of other encodings become other characters, and so no numbers
  const decoder = new TextDecoder("latin1");
  const chunk = new Uint8Array(CHUNK);
  let rest = "";
  for (;;) {
    const count = await file.read(chunk);
    if (count === null) break;
    const lines = (rest + decoder.decode(chunk.subarray(0, count))).split("\n");
    rest = lines.pop()!;
    yield [lines, false];
    if (rest.length > CHUNK) rest = rest.slice(0, LONGEST + 1);
  }
  if (rest !== "") yield [[rest], true];
}

/** The numbers of a step; nothing if the line does not hold them. */
export function parseMetrics(line: string): StepMetrics | undefined {
  if (line.length > LONGEST) return undefined;
  try {
    const parsed: Partial<Record<string, unknown>> = JSON.parse(line);
    if (!Number.isSafeInteger(parsed.step) || (parsed.step as number) < 1) return undefined;
    for (const name of ["epoch", ...STEP_NUMBERS]) {
      // JSON has no NaN: it writes null
      if (parsed[name] === null) parsed[name] = NaN;
      if (typeof parsed[name] !== "number") return undefined;
    }
    return parsed as unknown as StepMetrics;
  } catch {
    return undefined;
  }
}

function failure(does: string, path: string, cause: unknown): Error {
  return new Error(`Cannot ${does} ${path}: ${cause instanceof Error ? cause.message : cause}`, { cause });
}
