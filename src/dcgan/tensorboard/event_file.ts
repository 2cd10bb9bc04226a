import { concatBytes } from "../../pictures/bytes.ts";
import { host, SeekMode } from "../../host/host.ts";
import { AppendedFile } from "../../files/appended_file.ts";
import { writeFileAtomic } from "../../files/atomic_write.ts";
import { namesIn } from "../checkpoints/checkpoint_files.ts";
import { restartEvent, stepOf, versionEvent } from "./event.ts";
import { recordOf, recordsIn } from "./records.ts";

/** Names of event files: TensorBoard takes those with `tfevents` in them, in the order of their names. */
const NAME = /^events\.out\.tfevents\.(\d{6,})\.dcgan$/;

/** Bytes copied at once. */
const CHUNK = 2 ** 20;

/** An event file of a run. There is one, and no step is in it twice. */
export class EventFile {
  readonly #file: AppendedFile;

  private constructor(path: string) {
    this.#file = new AppendedFile(path);
  }

  /**
   * Opens the event file of a run that goes on after a step, or begins one. If the file has later steps, or
   * is damaged at its end, a new file with the good records before takes its place. It tells a TensorBoard
   * that is open to forget what it had.
   *
   * @param folder The run folder.
   * @param step The last step that stays.
   * @param time Seconds since 1970.
   */
  static async open(folder: string, step: number, time: number): Promise<EventFile> {
    const numbers = (await namesIn(folder)).flatMap((name) => NAME.exec(name)?.[1] ?? [])
      .sort((a, b) => Number(a) - Number(b));
    const last = numbers.at(-1);
    const path = (number: string) => `${folder}/events.out.tfevents.${number}.dcgan`;
    // A process may be killed before it deletes the file that another took the place of
    for (const number of numbers.slice(0, -1)) await host().remove(path(number));
    if (last === undefined) {
      const first = new EventFile(path("1".padStart(6, "0")));
      await first.append([versionEvent(time)]);
      return first;
    }
    const { start, end, isWhole } = await goodRecords(path(last), step);
    if (isWhole) return new EventFile(path(last));
    const next = path(`${Number(last) + 1}`.padStart(6, "0"));
    const head = [versionEvent(time), restartEvent(time)].map(recordOf);
    await writeFileAtomic(next, parts(concatBytes(head), path(last), start, end));
    await host().remove(path(last));
    return new EventFile(next);
  }

  /** Appends events. What cannot be written is written with the next. */
  async append(events: readonly Uint8Array[]): Promise<void> {
    await this.#file.append(concatBytes(events.map(recordOf)));
  }

  /** Forces all to disk. */
  async sync(): Promise<void> {
    await this.#file.sync();
  }
}

/**
 * Where the records of steps up to a step are, without those before the first step, and whether the file
 * holds nothing after them.
 */
async function goodRecords(
  path: string,
  step: number,
): Promise<{ start: number; end: number; isWhole: boolean }> {
  using file = await host().open(path);
  let [start, end] = [0, 0];
  for await (const { data, end: here } of recordsIn(file)) {
    const of = stepOf(data);
    if (of > step) break;
    if (of === 0 && start === end) start = here;
    end = here;
  }
  return { start, end, isWhole: end > 0 && end === (await file.stat()).size };
}

/** Bytes, and a part of a file. */
async function* parts(
  head: Uint8Array,
  path: string,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  yield head;
  using file = await host().open(path);
  await file.seek(start, SeekMode.Start);
  const chunk = new Uint8Array(CHUNK);
  for (let left = end - start; left > 0;) {
    const count = await file.read(chunk.subarray(0, Math.min(CHUNK, left)));
    if (count === null) return;
    yield chunk.subarray(0, count);
    left -= count;
  }
}
