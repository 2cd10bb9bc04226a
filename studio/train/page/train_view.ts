import type { StudioContext } from "../../context.ts";
import { EngineError } from "../../engine/client.ts";
import { element } from "../../page/element.ts";
import type { Changes, FoundPictures, GivenOptions, KeptRun, OpenedRun, StepOf } from "../news.ts";
import { type GpuLack, gpuMissing } from "./gpu_missing.ts";
import { KeptPanel } from "./kept_panel.ts";
import { Notices } from "./notices.ts";
import { picturesPanel, skippedList } from "./pictures_panel.ts";
import { RunDesk } from "./run_desk.ts";
import { download } from "./save_panel.ts";
import type { RunState } from "./run_panel.ts";
import { SettingsForm } from "./settings_form.ts";
import { StartPanel } from "./start_panel.ts";
import type { GivenFile } from "../../page/given_files.ts";

/** Type of the files that runs are saved as. */
const ZIP = "application/zip";

/** The Train view: pictures, then settings, then the run. */
export class TrainView {
  #context: StudioContext;
  #start: StartPanel;
  #kept: KeptPanel;
  #notices: Notices;
  #before = element("div", { class: "before" });
  #desk: RunDesk;
  #opened: OpenedRun | undefined;
  #data = "";

  /** Fills an element. */
  constructor(view: HTMLElement, context: StudioContext) {
    this.#context = context;
    const { text } = context;
    this.#start = new StartPanel(text, {
      files: (files) => this.#run(() => this.#look(files)),
      faces: () => this.#run(() => this.#lookAtFaces()),
    });
    this.#kept = new KeptPanel(text, {
      open: (run) => this.#run(() => this.#openKept(run)),
      save: (run) => this.#run(() => this.#saveKept(run)),
      delete: (run) => this.#run(() => this.#deleteKept(run)),
    });
    this.#start.element.append(this.#kept.element);
    this.#notices = new Notices(text);
    this.#desk = new RunDesk(context, this.#notices, {
      pause: () => this.#run(() => this.#pause()),
      resume: () => this.#run(() => this.#resume()),
      more: () => this.#run(() => this.#more()),
      step: (of) => this.#run(() => this.#step(of)),
      change: (changes) => this.#run(() => this.#change(changes)),
      save: () => this.#run(() => this.#save()),
      again: () => this.#run(() => this.#again()),
    });
    view.append(this.#notices.element, this.#start.element, this.#before, this.#desk.element);
    this.#before.hidden = true;
    this.#desk.element.hidden = true;
    this.#run(() => this.#findGpu());
    this.#run(() => this.#findKept());
    addEventListener("beforeunload", (event) => {
      if (this.#desk.isUnsaved && !this.#desk.keepsRuns) event.preventDefault();
    });
  }

  /** Does something, and shows what goes wrong. */
  async #run(task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      const { message } = error as Error;
      this.#notices.add("error", message);
      this.#context.say(message);
      if (!this.#desk.isOpen && this.#before.hidden) this.#start.element.hidden = false;
    }
  }

  async #findGpu(): Promise<void> {
    const lack = await this.#gpuLack();
    if (lack === undefined) return;
    this.#start.element.hidden = true;
    const panel = gpuMissing(this.#context.text, lack, navigator.userAgent, () => {
      panel.remove();
      this.#start.element.hidden = false;
      this.#run(() => this.#findGpu());
    });
    this.#start.element.before(panel);
  }

  async #gpuLack(): Promise<GpuLack | undefined> {
    if (!isSecureContext) return "insecure";
    try {
      await this.#context.engine.call("gpu.adapter", undefined);
      return undefined;
    } catch (error) {
      if (error instanceof EngineError && error.name === "AdapterNotFoundError") {
        return "gpu" in navigator ? "adapter" : "api";
      }
      throw error;
    }
  }

  async #findKept(): Promise<void> {
    const runs = await this.#context.engine.call("train.kept", undefined);
    this.#desk.keepsRuns = runs !== undefined;
    this.#kept.show(runs);
  }

  async #openKept({ name }: KeptRun): Promise<void> {
    const { engine, text: { train }, say } = this.#context;
    say(train.run.preparing);
    // It may take seconds: nothing else is to be opened meanwhile
    this.#start.element.inert = true;
    const run = await engine.call("train.openKept", { name }).finally(() => {
      this.#start.element.inert = false;
    });
    this.#showOpened(run);
    if (run.hasPictures && run.model.step < run.model.config.steps) await this.#resume();
  }

  async #saveKept({ name }: KeptRun): Promise<void> {
    const { engine, text: { train }, say } = this.#context;
    const { zip } = await engine.call("train.saveKept", { name });
    download(`${name}.zip`, zip, ZIP);
    say(train.save.saved(`${name}.zip`));
  }

  async #deleteKept({ name }: KeptRun): Promise<void> {
    const { engine, text: { train }, say } = this.#context;
    if (!confirm(train.kept.sure(name))) return;
    await engine.call("train.deleteKept", { name });
    await this.#findKept();
    say(train.kept.deleted(name));
  }

  async #look(files: readonly GivenFile[]): Promise<void> {
    const { engine, text, say } = this.#context;
    say(text.train.reading);
    this.#notices.clear();
    const found = await engine.call("train.look", { files: [...files] });
    if (found.kind === "run") this.#showOpened(found.run);
    else await this.#showPictures(found.pictures);
  }

  async #lookAtFaces(): Promise<void> {
    const found = await this.#context.engine.call("train.faces", {
      name: this.#context.text.train.pictures.faces,
    });
    this.#notices.clear();
    await this.#showPictures(found);
  }

  async #showPictures(found: FoundPictures): Promise<void> {
    const { text, say } = this.#context;
    say(text.train.pictures.count(found.count));
    this.#data = found.data;
    if (this.#opened) return await this.#continueOpened(found);
    const form = new SettingsForm(text, (options) => this.#run(() => this.#begin(options)));
    form.suggest(found.count);
    this.#before.replaceChildren(picturesPanel(text, found, () => this.#showStart()), form.element);
    this.#start.element.hidden = true;
    this.#before.hidden = false;
  }

  #showStart(): void {
    this.#start.element.hidden = false;
    this.#run(() => this.#findKept());
    this.#before.hidden = true;
    this.#before.replaceChildren();
  }

  async #begin(options: GivenOptions): Promise<void> {
    this.#before.hidden = true;
    this.#desk.open(this.#data);
    this.#desk.state = "preparing";
    try {
      await this.#context.engine.call("train.start", { options });
    } catch (error) {
      this.#desk.close();
      this.#before.hidden = false;
      throw error;
    }
    this.#desk.state = "running";
  }

  async #pause(): Promise<void> {
    await this.#context.engine.call("train.pause", undefined);
    // It may have ended meanwhile
    if (this.#desk.state === "running") this.#desk.state = "paused";
  }

  #resume(): Promise<void> {
    return this.#during("running", async () => {
      await this.#context.engine.call("train.resume", undefined);
      return "running";
    });
  }

  #more(): Promise<void> {
    return this.#during("preparing", async () => {
      await this.#context.engine.call("train.more", undefined);
      return "running";
    });
  }

  async #step(of: StepOf): Promise<void> {
    const { engine, text: { train }, say } = this.#context;
    let done = 0;
    await this.#during("stepping", async () => {
      done = (await engine.call("train.step", { of })).step;
      return "paused";
    });
    say(of === "both" ? train.steps.done.both(done) : train.steps.done[of]);
  }

  async #change(changes: Changes): Promise<void> {
    const { engine, text: { train }, say } = this.#context;
    if (Object.keys(changes).length === 0) return say(train.change.same);
    let done = 0;
    await this.#during("changing", async (before) => {
      done = (await engine.call("train.change", { changes })).step;
      if (before !== "running") return "paused";
      await engine.call("train.resume", undefined);
      return "running";
    });
    say(train.change.applied(done));
  }

  async #save(): Promise<void> {
    const { engine, text: { train }, say } = this.#context;
    let file = "";
    await this.#during("saving", async (before) => {
      const { name, zip } = await engine.call("train.save", undefined);
      file = `${name}.zip`;
      download(file, zip, ZIP);
      this.#desk.isUnsaved = false;
      if (before === "running") await engine.call("train.resume", undefined);
      return before;
    });
    say(train.save.saved(file));
  }

  /** Shows a state while a task runs, and the one that it gives afterwards; the one before, if it fails. */
  async #during(state: RunState, task: (before: RunState) => Promise<RunState>): Promise<void> {
    const before = this.#desk.state;
    this.#desk.state = state;
    try {
      const after = await task(before);
      // The run may have ended meanwhile
      if (this.#desk.state !== "done" && this.#desk.state !== "failed") this.#desk.state = after;
    } catch (error) {
      this.#desk.state = before;
      throw error;
    }
  }

  async #again(): Promise<void> {
    const { engine, text: { train }, say } = this.#context;
    if (this.#desk.isUnsaved && !this.#desk.keepsRuns && !confirm(train.save.discard)) return;
    // A run that is kept leaves a checkpoint
    if (this.#desk.keepsRuns) say(train.run.saving);
    await engine.call("train.close", undefined);
    say("");
    this.#opened = undefined;
    this.#desk.close();
    this.#notices.clear();
    this.#context.tell("model", undefined);
    this.#showStart();
  }

  /** A run that was opened: to look at, and to train further once its pictures are there. */
  #showOpened(run: OpenedRun): void {
    const { text: { train }, say } = this.#context;
    this.#opened = run;
    this.#start.element.hidden = true;
    this.#before.hidden = true;
    this.#kept.element.hidden = true;
    this.#desk.open(run.model.config.data);
    this.#desk.show(run);
    for (const warning of run.warnings) this.#notices.add("warning", warning);
    say(train.open.opened(run.model.name, run.model.step));
    if (run.hasPictures) return;
    this.#notices.add("warning", train.open.needsPictures(run.model.config.data));
    this.#start.element.hidden = false;
  }

  async #continueOpened({ skipped }: FoundPictures): Promise<void> {
    const { text, engine } = this.#context;
    this.#start.element.hidden = true;
    await engine.call("train.continue", undefined);
    this.#opened = undefined;
    this.#notices.clear();
    if (skipped.length > 0) {
      this.#notices.element.append(skippedList(text.train.pictures.skipped(skipped.length), skipped));
    }
    this.#desk.state = "paused";
  }
}
