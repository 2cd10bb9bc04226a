import { expectKnownOptions } from "../../gpu/mod.ts";
import { RunReader } from "../report/run_reader.ts";
import type { EndEvent, TrainEvent } from "../run/events.ts";
import { Interruption } from "./interruption.ts";
import { LiveDisplay } from "./live_display.ts";
import { notesText, type RunNotes, runView } from "./run_view.ts";
import { Shown } from "./shown.ts";
import { TrainingStatus } from "./training_status.ts";

/** Options of {@linkcode showTraining}. */
export interface ShowTrainingOptions {
  /** Called with each event, and waited for. */
  onEvent?: (event: TrainEvent) => void | Promise<void>;
  /**
   * Seconds between one picture and the next at least. It takes longer if drawing does, so that pictures never take more
   * than a tenth of the time.
   *
   * @default {2}
   */
  every?: number;
  /**
   * Where it is shown.
   *
   * @default {a new place}
   */
  display?: LiveDisplay;
}

/** The pause after a picture is at least this many times what it took to draw. */
const PAUSE = 9;

/**
 * Runs a training to its end, and shows its latest samples and its curves in one place of a notebook, in place of those
 * before. Outside of a notebook it prints a line each time. Interrupting the notebook's kernel ends the training, and keeps
 * the kernel.
 *
 * @param events What `train()` gives.
 * @returns The last event, which says where the run is and how good its samples are.
 * @throws {DOMException} named AbortError if the kernel was interrupted. What was learned until then is saved.
 * @throws {Error} or anything else that `train()` or `onEvent` throws. What was learned until then is saved.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice, showTraining, train } from "@x/dcgan";
 *
 * using device = await openDevice();
 * const out = await Deno.makeTempDir();
 * const tiny = { size: 16, ngf: 4, ndf: 4, batch: 8, steps: 4, scoreEvery: 0 } as const;
 * const end = await showTraining(train(device, { ...tiny, data: "faces", out }));
 * assertEquals([end.step, end.out], [4, out]);
 * ```
 */
export async function showTraining(
  events: AsyncIterable<TrainEvent>,
  options: ShowTrainingOptions = {},
): Promise<EndEvent> {
  expectKnownOptions<ShowTrainingOptions>("showTraining()", options, {
    onEvent: true,
    every: true,
    display: true,
  });
  const { onEvent = () => {}, every = 2, display = new LiveDisplay() } = options;
  if (!(every >= 0)) {
    throw new RangeError(`Cannot show a training: every must be at least 0 seconds, found ${every}`);
  }
  using interruption = display.inNotebook ? new Interruption() : undefined;
  const status = new TrainingStatus();
  let reader: RunReader | undefined;
  let next = 0;
  let end: EndEvent | undefined;
  for await (const event of events) {
    await onEvent(event);
    status.take(event);
    if (event.type === "start") reader = new RunReader(event.config.out);
    if (event.type === "end") end = event;
    // Leaving the loop saves what was learned
    if (interruption?.isRequested && !end) break;
    const started = performance.now();
    if (!end && started < next) continue;
    const draws = reader && status.hasBegun && display.inNotebook;
    await display.show(await viewOf(draws ? reader : undefined, status.notes()));
    const took = performance.now() - started;
    next = performance.now() + Math.max(1000 * every, PAUSE * took);
  }
  if (end) return end;
  if (interruption?.isRequested) {
    await display.show(await viewOf(status.hasBegun ? reader : undefined, status.stopped()));
    throw new DOMException("The training was interrupted", "AbortError");
  }
  throw new Error('Cannot show a training: its events must end with one of type "end", found none');
}

/** The run with what is said of it, or only that. A run is worth more than its picture, so it goes on without. */
async function viewOf(reader: RunReader | undefined, notes: RunNotes): Promise<Shown> {
  if (!reader) return new Shown({ text: notesText(notes) });
  try {
    return await runView(await reader.read(), notes);
  } catch (error) {
    const problem = `Cannot draw the run: ${error instanceof Error ? error.message : error}`;
    return new Shown({ text: notesText({ ...notes, below: [...notes.below ?? [], problem] }) });
  }
}
