import type { EndEvent, MetricsEvent, StartEvent, TrainEvent } from "../run/events.ts";
import type { RunNotes } from "./run_view.ts";

/** Warnings and advice that are shown at most: the latest. */
const MOST_NOTES = 5;

/** What is said of a run as it trains, of its events so far. */
export class TrainingStatus {
  #start: StartEvent | undefined;
  #metrics: MetricsEvent | undefined;
  #end: EndEvent | undefined;
  #hasBegun = false;
  #before = "Opening the dataset";
  #notes: string[] = [];

  /** Takes an event in. */
  take(event: TrainEvent): void {
    if (event.type === "metrics" || event.type === "samples") this.#hasBegun = true;
    if (event.type === "start") this.#start = event;
    else if (event.type === "metrics") this.#metrics = event;
    else if (event.type === "end") this.#end = event;
    else if (event.type === "warning") this.#note(event.message);
    else if (event.type === "judgment") this.#note(event.message);
    else if (event.type === "recipe") this.#before = event.reasons.join(" ");
    else if (event.type === "timing") this.#before = "Timing steps";
    else if (event.type === "dataset") this.#before = event.message ?? event.progress?.what ?? this.#before;
    else if (event.type === "tuned") this.#before = `Tuned ${event.number} of ${event.of} kernels`;
  }

  /** Whether there are numbers or samples of the run. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** What is said now. */
  notes(): RunNotes {
    const { verdict, best } = this.#end ?? {};
    return {
      status: this.#end ? endText(this.#end) : this.#progress(),
      below: [
        ...this.#notes,
        ...verdict ? [`The scores say that ${verdict.sentence}. ${verdict.next}.`] : [],
        ...best === undefined ? [] : [`The best checkpoint is that of step ${best}.`],
      ],
    };
  }

  /** What is said of a run that was interrupted. */
  stopped(): RunNotes {
    const out = this.#start?.config.out;
    const status = out === undefined
      ? "Interrupted before the training began"
      : `Interrupted. What was learned is saved in ${out}; continue with train(device, { resume: "${out}" })`;
    return { status, below: this.#notes };
  }

  #note(text: string): void {
    this.#notes = [...this.#notes, text].slice(-MOST_NOTES);
  }

  #progress(): string {
    if (!this.#start) return this.#before;
    const { config, images, adapter } = this.#start;
    if (!this.#metrics) return `Training on ${images} images of ${config.data} on ${adapter}`;
    const { step, generatorLoss, dReal, dFake, imagesPerSecond, secondsLeft } = this.#metrics;
    const discriminatorLoss = this.#metrics.discriminatorLossReal + this.#metrics.discriminatorLossFake;
    return [
      `Step ${step} of ${config.steps}`,
      `${Math.round(imagesPerSecond)} images/s`,
      `${timeText(secondsLeft)} left`,
      `loss D ${discriminatorLoss.toFixed(2)} G ${generatorLoss.toFixed(2)}`,
      `D(x) ${dReal.toFixed(2)}, D(G(z)) ${dFake.toFixed(2)}`,
    ].join(" · ");
  }
}

function endText({ step, seconds, out, interrupted, flat }: EndEvent): string {
  const why = interrupted ? ", stopped by its signal" : flat ? ", as its scores no longer improved" : "";
  return `Trained ${step} ${step === 1 ? "step" : "steps"} in ${
    timeText(seconds)
  }${why}. The run is in ${out}`;
}

function timeText(seconds: number): string {
  if (!Number.isFinite(seconds)) return "?";
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
