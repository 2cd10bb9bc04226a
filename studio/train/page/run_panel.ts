import type { TrainConfig } from "../../../src/dcgan/options/config.ts";
import { element } from "../../page/element.ts";
import type { StudioText } from "../../text.ts";
import type { StepOf, TrainNews } from "../news.ts";
import { timeText } from "./time_text.ts";

/** What a run is doing. */
export type RunState = keyof Pick<
  StudioText["train"]["run"],
  | "preparing"
  | "timing"
  | "running"
  | "paused"
  | "stepping"
  | "saving"
  | "changing"
  | "done"
  | "failed"
  | "opened"
>;

/** What the buttons do. */
export interface RunButtons {
  pause(): void;
  resume(): void;
  more(): void;
  step(of: StepOf): void;
}

/** How far a run is, with its buttons. */
export class RunPanel {
  /** The panel. */
  readonly element: HTMLElement;
  #text: StudioText;
  #state = element("p", { class: "state" });
  #bar = element("progress", { max: 1, value: 0 });
  #step = element("p", { class: "number" });
  #speed = element("p", { class: "soft small number" });
  #plan = element("p", { class: "soft small" });
  #adapter = element("p", { class: "soft small" });
  #pause: HTMLButtonElement;
  #resume: HTMLButtonElement;
  #more: HTMLButtonElement;
  #single: HTMLButtonElement[];
  #steps = 0;
  #pace = "";

  /** With what its buttons do. */
  constructor(text: StudioText, buttons: RunButtons) {
    const { run, steps } = text.train;
    this.#text = text;
    const button = (words: string, click: () => void, kind?: string): HTMLButtonElement =>
      element("button", { type: "button", class: kind, click }, words);
    this.#pause = button(run.pause, () => buttons.pause(), "primary");
    this.#resume = button(run.resume, () => buttons.resume(), "primary");
    this.#more = button("", () => buttons.more(), "primary");
    this.#single = (["discriminator", "generator", "both"] as const).map((of) =>
      button(steps[of], () => buttons.step(of))
    );
    this.#bar.setAttribute("aria-label", run.title);
    this.element = element(
      "section",
      { class: "card run", "aria-label": run.title },
      element(
        "div",
        { class: "head" },
        this.#state,
        element("div", {}, this.#pause, this.#resume, this.#more),
      ),
      this.#bar,
      this.#step,
      this.#speed,
      this.#plan,
      this.#adapter,
      element("h3", {}, steps.title),
      element("div", { class: "row", role: "group", "aria-label": steps.title }, ...this.#single),
      element("p", { class: "soft small" }, steps.hint),
    );
  }

  /** Shows what the run is doing. */
  set state(state: RunState) {
    const isPaused = state === "paused";
    this.#state.textContent = this.#text.train.run[state];
    this.#state.dataset.state = state;
    this.#pause.hidden = state !== "running";
    this.#resume.hidden = !isPaused && state !== "failed";
    this.#more.hidden = state !== "done";
    for (const button of this.#single) button.disabled = !isPaused;
    if (state === "preparing" || state === "timing") this.#bar.removeAttribute("value");
    // Nothing is left of a run that is done
    if (state === "done") this.#speed.textContent = this.#pace;
  }

  /** Shows what is trained, and how far it is. */
  plan({ steps, size, ngf, ndf, batch }: TrainConfig, step: number): void {
    const { run } = this.#text.train;
    this.#steps = steps;
    const sides = typeof size === "number" ? `${size} × ${size}` : size.replace("x", " × ");
    this.#plan.textContent = run.plan(sides, ngf, ndf, batch);
    this.#more.textContent = run.more(steps);
    this.step = step;
  }

  /** Shows what it runs on. */
  adapter(name: string, isSoftware: boolean): void {
    const { run } = this.#text.train;
    this.#adapter.textContent = isSoftware ? `${run.adapter(name)}. ${run.software}` : run.adapter(name);
  }

  /** Shows how far it is. */
  set step(step: number) {
    this.#bar.value = step / this.#steps;
    this.#step.textContent = this.#text.train.run.step(step, this.#steps);
  }

  /** Shows how fast it is. */
  numbers({ imagesPerSecond, secondsLeft, epoch }: TrainNews & { type: "numbers" }): void {
    const { run } = this.#text.train;
    const speed = imagesPerSecond < 10 ? imagesPerSecond.toFixed(1) : Math.round(imagesPerSecond).toString();
    this.#pace = run.speed(speed);
    this.#speed.textContent = [this.#pace, run.left(timeText(this.#text, secondsLeft))].join(" · ");
    this.#speed.title = run.passes(epoch.toFixed(1));
  }
}
