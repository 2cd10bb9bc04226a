import type {
  EndEvent,
  MetricsEvent,
  RecipeEvent,
  StartEvent,
  TrainEvent,
  TunedEvent,
} from "../../dcgan/run/events.ts";
import { sizeText } from "../../dcgan/options/table/image_size.ts";
import { metricsLine, metricsText } from "./metrics_text.ts";
import { ProgressLine } from "./progress_line.ts";
import { profileText } from "./profile_text.ts";
import { startedFromText } from "./started_from_text.ts";
import { printable } from "./printable.ts";
import { scoresLine } from "./score_text.ts";
import type { Terminal } from "./terminal.ts";
import { count, counted, duration, figure } from "./text.ts";

/** Seconds between lines if output is not a terminal. */
const PIPE_SECONDS = 10;

/** Shows a run as it goes: one line drawn over and over on a terminal, a line now and then in a pipe. */
export class Progress {
  readonly #terminal: Terminal;
  readonly #now: () => number;
  readonly #dataset: ProgressLine;
  #steps = 0;
  #before = 0;
  #lastLine = -Infinity;
  /** When the run is ended, whatever it has done by then. */
  readonly #end: number;

  /**
   * @param now Milliseconds, from any start.
   * @param seconds After which the run is ended, whatever it has done by then.
   */
  constructor(terminal: Terminal, now: () => number = () => performance.now(), seconds = Infinity) {
    this.#terminal = terminal;
    this.#now = now;
    this.#end = now() + 1000 * seconds;
    this.#dataset = new ProgressLine(terminal, now);
  }

  /** Shows an event. */
  show(event: TrainEvent): void {
    switch (event.type) {
      case "dataset":
        if (event.message !== undefined) this.#dataset.write(event.message);
        if (event.progress !== undefined) this.#dataset.show(event.progress);
        return;
      case "timing":
        return this.line("Timing a few training steps on this adapter");
      case "recipe":
        return this.line(recipeText(event));
      case "start":
        this.#steps = event.config.steps;
        this.#before = event.stepsBefore;
        return this.line(startText(event));
      case "metrics":
        return this.#metrics(event);
      case "samples":
        return this.line(`step ${event.step}: ${event.path}`);
      case "checkpoint":
        return this.line(`step ${event.step}: checkpoint ${event.path}`);
      case "score":
        return this.line(
          `step ${event.step}: ${scoresLine(event.scores, event.by)}${event.isBest ? " (best so far)" : ""}`,
        );
      case "judgment":
        return this.line(`advice: ${event.message}`);
      case "tuned":
        return this.line(tunedText(event));
      case "tuning-end":
        return this.line(
          `Tuned ${counted(event.kernels, "kernel")}; ` +
            (event.path === undefined
              ? `they are not saved for later runs: ${printable(event.problem ?? "")}`
              : `later runs here use them too: ${event.path}`),
        );
      case "profile":
        return this.line(profileText(event));
      case "warning":
        return this.line(`warning: ${printable(event.message)}`);
      case "end":
        return this.line(this.#endText(event));
    }
  }

  /** Writes a line that stays. */
  line(text: string): void {
    this.clear();
    this.#terminal.write(`${text}\n`);
  }

  /** Writes a picture that stays, as the terminal takes it. */
  picture(text: string): void {
    if (text === "") return;
    this.clear();
    this.#terminal.write(text);
  }

  /** Takes the progress line away, so that something else can be written. */
  clear(): void {
    this.#dataset.clear();
  }

  #endText({ step, seconds, interrupted, flat, verdict, best, out }: EndEvent): string {
    const isBad = verdict?.grade === "noise" || verdict?.grade === "alike";
    const end = interrupted
      ? "Stopped after"
      : flat
      ? "Ended, as its scores no longer improved, after"
      : isBad
      ? "Ended after"
      : "Trained";
    const steps = this.#before === 0
      ? counted(step, "step")
      : `${counted(step - this.#before, "more step")}, ${step} in all,`;
    const quality = verdict ? `\nHow good: ${verdict.sentence}.` : "";
    const bestStep = best === undefined || best === step
      ? ""
      : ` The best checkpoint is that of step ${best}.`;
    const next = verdict && !interrupted ? `\nWhat next: ${verdict.next}.` : "";
    return `${end} ${steps} in ${duration(seconds)}. Run folder: ${out}${quality}${bestStep}${next}`;
  }

  #metrics(event: MetricsEvent): void {
    const secondsLeft = Math.min(event.secondsLeft, Math.max(0, this.#end - this.#now()) / 1000);
    const known = { ...event, secondsLeft };
    if (this.#terminal.isTerminal) {
      this.#dataset.draw(metricsLine(known, this.#steps, this.#dataset.columns));
    } else if (this.#now() - this.#lastLine >= PIPE_SECONDS * 1000 || event.step === this.#steps) {
      this.#lastLine = this.#now();
      this.line(metricsText(known, this.#steps));
    }
  }
}

/** What a preset chose, under one heading. */
function recipeText({ reasons }: RecipeEvent): string {
  return reasons.map((reason, i) => `${i === 0 ? "recipe" : ""}`.padEnd(15) + printable(reason)).join("\n");
}

/** What is trained, on what, in a few lines. */
function startText({ config, parameters, adapter, images, stepsBefore, ranks }: StartEvent): string {
  const { data, size, channels, batch, steps, latent, ngf, ndf, out } = config;
  const which = stepsBefore === 0 ? counted(steps, "step") : `steps ${stepsBefore + 1} to ${steps}`;
  const { startedFrom } = config;
  return [
    ...stepsBefore === 0 && startedFrom ? [`starts from    ${startedFromText(startedFrom)}`] : [],
    `data           ${printable(data)}, ${counted(images, "image")} of ${sizeText(size)}x${channels}`,
    `generator      ${count(parameters.generator)} parameters, ngf ${ngf}, latent ${latent}`,
    `discriminator  ${count(parameters.discriminator)} parameters, ndf ${ndf}`,
    `training       ${which} of ${counted(batch, "image")} on ${adapter}`,
    ...ranks === undefined
      ? []
      : [`ranks          ${ranks}, which share ${config.shards} shards of each batch`],
    `run folder     ${out}`,
  ].join("\n");
}

/** Which variant of a kernel was found, how fast it is, and by how much it beats the default. */
function tunedText(event: TunedEvent): string {
  const { number, of, signature, variant, milliseconds, defaultMilliseconds, refused } = event;
  const gain = defaultMilliseconds === undefined
    ? "the default is wrong here"
    : defaultMilliseconds === milliseconds
    ? "the default"
    : `${figure(defaultMilliseconds / milliseconds)} times the default`;
  const wrong = refused.length === 0
    ? ""
    : `; ${refused.length} refused, the first ${refused[0]!.variant}: ${refused[0]!.reason}`;
  return `kernel ${number}/${of}  ${signature}\n  ${figure(milliseconds)} ms, ${gain}: ${variant}${wrong}`;
}
