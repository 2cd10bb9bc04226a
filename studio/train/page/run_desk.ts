import type { StudioContext } from "../../context.ts";
import { element } from "../../page/element.ts";
import type { Changes, OpenedRun, TrainNews } from "../news.ts";
import { ChangeForm } from "./change_form.ts";
import { Curves } from "./curves.ts";
import type { Notices } from "./notices.ts";
import { type RunButtons, RunPanel, type RunState } from "./run_panel.ts";
import { SamplesPanel } from "./samples_panel.ts";
import { SavePanel } from "./save_panel.ts";

/** What the desk's buttons do. */
export interface DeskButtons extends RunButtons {
  change(changes: Changes): void;
  save(): void;
  again(): void;
}

/** Everything about a run: samples, curves, buttons. Hears what the worker tells of it. */
export class RunDesk {
  /** The desk. */
  readonly element: HTMLElement;
  /** Whether something was learned since it was saved. */
  isUnsaved = false;
  /** Whether the browser keeps runs. */
  keepsRuns = false;
  #context: StudioContext;
  #notices: Notices;
  #run: RunPanel;
  #samples: SamplesPanel;
  #curves: Curves;
  #change: ChangeForm;
  #save: SavePanel;
  #state: RunState = "preparing";
  #data = "";

  /** Closed so far. */
  constructor(context: StudioContext, notices: Notices, buttons: DeskButtons) {
    const { text, engine } = context;
    this.#context = context;
    this.#notices = notices;
    this.#run = new RunPanel(text, buttons);
    this.#samples = new SamplesPanel(text);
    this.#curves = new Curves(text);
    this.#change = new ChangeForm(text, buttons.change);
    this.#save = new SavePanel(text, buttons);
    this.element = element(
      "div",
      { class: "desk" },
      element("div", { class: "results" }, this.#samples.element, this.#curves.element),
      element("div", { class: "side" }, this.#run.element, this.#change.element, this.#save.element),
    );
    engine.on<TrainNews>("train", (news) => this.#hear(news));
  }

  /** Whether there is a run. */
  get isOpen(): boolean {
    return !this.element.hidden;
  }

  /** What the run is doing. */
  get state(): RunState {
    return this.#state;
  }

  /** Says what the run is doing: buttons follow. */
  set state(state: RunState) {
    this.#state = state;
    this.#run.state = state;
    const canGoOn = state === "running" || state === "paused" || state === "failed";
    this.#change.isOpen = canGoOn;
    this.#save.isOpen = canGoOn || state === "done";
    const { run } = this.#context.text.train;
    this.#context.say(run[state]);
  }

  /** Opens it for a run on some pictures. */
  open(data: string): void {
    this.#data = data;
    this.#samples.clear();
    this.#curves.clear();
    this.#save.kept(this.keepsRuns ? 0 : undefined);
    this.element.hidden = false;
  }

  /** Closes it. */
  close(): void {
    this.element.hidden = true;
    this.isUnsaved = false;
  }

  /** Shows a run that was opened. */
  show({ model, points, samples, hasPictures }: OpenedRun): void {
    const { config, step } = model;
    for (const point of points) this.#curves.add(point);
    this.#samples.show(samples, step);
    this.#change.show(config);
    this.#run.plan(config, step);
    this.#save.name(model.name, config.data);
    if (this.keepsRuns) this.#save.kept(step);
    this.#context.tell("model", model);
    this.state = hasPictures ? step >= config.steps ? "done" : "paused" : "opened";
  }

  #hear(news: TrainNews): void {
    const { train } = this.#context.text;
    switch (news.type) {
      case "timing":
        this.state = "timing";
        break;
      case "start":
        this.#run.plan(news.config, news.step);
        this.#run.adapter(news.adapter, news.software);
        this.#change.show(news.config);
        this.#save.name(news.config.out.split("/").at(-1)!, this.#data);
        this.#context.tell("model", news.model);
        break;
      case "numbers":
        this.isUnsaved = true;
        this.#run.step = news.point.step;
        this.#run.numbers(news);
        this.#curves.add(news.point);
        this.#context.tell("step", news.point.step);
        break;
      case "samples":
        this.#samples.show(news.pictures, news.step);
        break;
      case "judgment": {
        const { kind, step, message } = news;
        this.#notices.add("warning", train.notices.kinds[kind], { step, details: message });
        break;
      }
      case "kept":
        this.#save.kept(news.step);
        break;
      case "paused":
        this.state = "paused";
        break;
      case "warning":
        this.#notices.add("warning", news.message);
        break;
      case "end":
        this.state = "done";
        if (news.verdict) {
          const { grade, moreSteps } = news.verdict;
          // Early samples that are alike are no bad sign
          const words = grade === "alike" && moreSteps ? train.verdicts.early : train.verdicts[grade];
          this.#notices.add(grade === "good" ? "good" : "warning", words, { step: news.step });
        }
        break;
      case "failed":
        this.state = "failed";
        // Its networks are gone until it goes on
        this.#context.tell("model", undefined);
        this.#notices.add(
          "error",
          news.name === "NonFiniteError"
            ? train.notices.nan
            : news.isFull
            ? train.notices.full
            : news.message,
          { details: news.message },
        );
    }
  }
}
