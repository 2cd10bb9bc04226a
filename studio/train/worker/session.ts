import type { Device } from "../../../src/gpu/mod.ts";
import type { TrainConfig } from "../../../src/dcgan/options/config.ts";
import type { TrainOptions } from "../../../src/dcgan/options/options.ts";
import type { TrainEvent } from "../../../src/dcgan/run/events.ts";
import { train } from "../../../src/dcgan/train.ts";
import type { Trainer } from "../../../src/dcgan/trainer.ts";
import { host } from "../../../src/host/host.ts";
import type { Engine } from "../../engine/engine.ts";
import type { ModelFacts } from "../../engine/model.ts";
import type { Changes, StepOf, TrainNews } from "../news.ts";
import { newsOf, newsOfFailure } from "./news_of.ts";
import { Keeping } from "./keeping.ts";
import { Pace } from "./pace.ts";
import { SingleUpdates } from "./single_updates.ts";
import { samplesOf, StoredModel } from "./stored_model.ts";

/** Seconds between readings of the numbers. */
const READING = 0.2;

/** How often live samples are drawn. */
const SAMPLING = { apart: 1000, share: 0.1 };

/** What each run in the tab is given besides. */
const OWN = { logEvery: READING, keep: 1, report: false } as const;

/**
 * A run that the page drives: `train()`, whose events are asked for as long as it is to go on. To change it, or
 * to save it, it is ended, which writes a checkpoint, and resumed from that: the next step is the one that
 * would have followed.
 */
export class Session {
  readonly #engine: Engine;
  readonly #name: string;
  readonly #id: number;
  #out: string | undefined;
  #events: AsyncGenerator<TrainEvent, void, void> | undefined;
  #trainer: Trainer | undefined;
  #config: TrainConfig | undefined;
  #updates = new SingleUpdates();
  #isRunning = false;
  #isSingle = false;
  #loop: Promise<void> | undefined;
  #sampling = new Pace(SAMPLING);
  #keeping = new Keeping();
  #hasLearned = false;
  /** Its networks while it does not train. */
  #stored: StoredModel | undefined;

  /** @param name What the page calls it. */
  constructor(engine: Engine, name: string) {
    this.#engine = engine;
    this.#name = name;
    this.#id = engine.nextId();
  }

  /** Its folder. */
  get out(): string {
    if (this.#out !== undefined) return this.#out;
    throw new Error("Cannot use the run: it must have begun, found none. Start it first");
  }

  /** Steps done. */
  get step(): number {
    return this.#trainer?.steps ?? 0;
  }

  /** Whether a step was done since it was opened. */
  get hasLearned(): boolean {
    return this.#hasLearned;
  }

  /** Whether it can go on. */
  get isOpen(): boolean {
    return this.#events !== undefined;
  }

  /** Begins, or resumes, and waits before the first step. */
  begin(options: TrainOptions): Promise<void> {
    return this.#engine.turns.take(async () => {
      const device = await this.#engine.device();
      this.#events = train(device, { ...OWN, ...options }, {
        begin: (trainer) => void (this.#trainer = trainer),
        stepsAhead: () => this.#isSingle ? 1 : Infinity,
        checkpointDue: () => this.#isCheckpointDue(),
      });
      try {
        while (await this.#advance(device) !== "start");
      } catch (error) {
        await this.#forget();
        throw error;
      }
      this.#sampling.restart();
      await this.#drawSamples();
    });
  }

  /** Trains until it is paused, ends or fails. A run that failed goes on from its last checkpoint. */
  async resume(): Promise<void> {
    if (this.#isRunning) return;
    if (!this.#events) await this.begin({ resume: this.out });
    this.#isRunning = true;
    this.#loop = this.#run();
  }

  /** Ends the training after the steps that are running, whose samples it shows. A run that is kept has them all. */
  async pause(): Promise<void> {
    const wasRunning = this.#isRunning;
    this.#isRunning = false;
    await this.#loop;
    if (!wasRunning) return;
    await this.#engine.turns.take(async () => {
      await this.#drawSamples();
      this.#keeping.hurry();
      const device = await this.#engine.device();
      while (this.#isCheckpointDue()) await this.#advance(device);
    });
  }

  /** Does one step, and waits for it. */
  async stepOnce(of: StepOf): Promise<void> {
    if (!this.isOpen) {
      throw new Error(
        "Cannot do a step: the run must be able to go on, found one that is done or lacks its pictures. " +
          "Give it more steps, or its pictures, in the Train view",
      );
    }
    await this.pause();
    await this.#engine.turns.take(async () => {
      const device = await this.#engine.device();
      if (of === "both") await this.#stepBoth(device);
      else {
        const update = await this.#updates.of(of, device, this.#trainer!, this.#config!);
        await update.run();
        await device.settled();
      }
      await this.#drawSamples();
    });
  }

  /** Changes options from the next step on. Networks and optimizers stay as they are. */
  async change(changes: Changes): Promise<void> {
    await this.#leaveCheckpoint();
    await this.begin({ resume: this.out, override: true, ...changes });
  }

  /** Ends the run, which leaves a checkpoint, has its folder read, and goes on. */
  async save<T>(read: (out: string) => Promise<T>): Promise<T> {
    const wasOpen = this.isOpen;
    await this.#leaveCheckpoint();
    const result = await read(this.out);
    if (wasOpen) await this.begin({ resume: this.out });
    return result;
  }

  /** Ends it. What was learned is in its folder. */
  async close(): Promise<void> {
    await this.pause();
    await this.#engine.turns.take(async () => {
      await this.#events?.return();
      await this.#forget();
      this.#forgetStored();
    });
  }

  /** Ends it, and deletes its folder. */
  async discard(): Promise<void> {
    await this.close();
    if (this.#out === undefined) return;
    await host().remove(this.#out, { recursive: true }).catch((error) => {
      // A run that learned nothing deletes its folder itself
      if (host().problemOf(error) !== "NotFound") throw error;
    });
  }

  /** Ends it, to go on from what is in its folder: at the least, its first step is done. */
  async #leaveCheckpoint(): Promise<void> {
    await this.pause();
    if (this.isOpen && this.step === 0) await this.stepOnce("both");
    await this.close();
  }

  async #run(): Promise<void> {
    try {
      while (this.#isRunning) {
        await this.#engine.turns.take(async () => {
          const device = await this.#engine.device();
          if (await this.#advance(device) === "metrics" && this.#sampling.isDue) await this.#drawSamples();
        });
      }
    } catch (error) {
      await this.#forget();
      this.#tell(newsOfFailure(error as Error));
    } finally {
      this.#isRunning = false;
    }
  }

  /** Has the run do what comes next, and tells the page. Gives the type of the event. */
  async #advance(device: Device): Promise<TrainEvent["type"] | undefined> {
    const { value: event, done } = await this.#events!.next();
    if (done) {
      this.#isRunning = false;
      await this.#forget();
      const stored = await this.openStored(this.out);
      this.#tell({ type: "samples", step: stored.model.facts.step, pictures: await stored.samples() });
      return undefined;
    }
    this.#take(event, device);
    return event.type;
  }

  #isCheckpointDue(): boolean {
    return this.#engine.keepsRuns && this.isOpen && this.#keeping.isDueAt(this.step);
  }

  #take(event: TrainEvent, { adapter }: Device): void {
    if (event.type === "checkpoint") {
      this.#keeping.done(event.step);
      if (this.#engine.keepsRuns) this.#tell({ type: "kept", step: event.step });
    }
    if (event.type !== "start") {
      this.#hasLearned ||= event.type === "metrics";
      const news = newsOf(event);
      if (news) this.#tell(news);
      return;
    }
    const { config, parameters, stepsBefore: step } = event;
    this.#keeping.begin(step);
    this.#config = config;
    this.#out = config.out;
    const model = this.#open({ config, parameters, step });
    this.#tell({ type: "start", config, model, adapter: adapter.name, software: adapter.software, step });
  }

  /** Makes its networks the open model. */
  #open({ config, parameters, step }: Pick<ModelFacts, "config" | "parameters" | "step">): ModelFacts {
    const trainer = this.#trainer!;
    const facts: ModelFacts = { id: this.#id, name: this.#name, config, step, parameters };
    const { sampled, generator, discriminator } = trainer;
    this.#forgetStored();
    this.#engine.model = {
      get facts() {
        return { ...facts, step: trainer.steps };
      },
      sampled,
      generator,
      discriminator,
    };
    return facts;
  }

  /** Opens the networks of a folder, to be looked at. */
  async openStored(out: string): Promise<StoredModel> {
    this.#out = out;
    const device = await this.#engine.device();
    this.#stored = await StoredModel.open(device, out, this.#name, this.#id);
    this.#engine.model = this.#stored.model;
    return this.#stored;
  }

  async #stepBoth(device: Device): Promise<void> {
    const before = this.step;
    this.#isSingle = true;
    try {
      // Until its numbers are told; those of the step before may come first
      while (this.#events && !(await this.#advance(device) === "metrics" && this.step > before));
    } finally {
      this.#isSingle = false;
    }
  }

  async #drawSamples(): Promise<void> {
    if (!this.#trainer) return;
    const started = performance.now();
    const pictures = await samplesOf(this.#trainer.sampled, this.#config!);
    this.#tell({ type: "samples", step: this.step, pictures });
    this.#sampling.done(started);
  }

  /** Closes what belongs to a trainer that is gone, or about to be. */
  async #forget(): Promise<void> {
    await this.#updates[Symbol.asyncDispose]();
    if (this.#trainer) this.#engine.model = undefined;
    this.#events = undefined;
    this.#trainer = undefined;
  }

  #forgetStored(): void {
    if (!this.#stored) return;
    if (this.#engine.model === this.#stored.model) this.#engine.model = undefined;
    this.#stored[Symbol.dispose]();
    this.#stored = undefined;
  }

  #tell(news: TrainNews): void {
    this.#engine.tell("train", news);
  }
}
