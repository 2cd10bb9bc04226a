import type { Device } from "../../src/gpu/mod.ts";
import type { Network } from "../../src/nn/mod.ts";
import type { ModelFacts } from "./model.ts";
import { GivenFiles } from "./given_files.ts";
import { Turns } from "./turns.ts";

/** A model as calls in the worker find it. */
export interface OpenModel {
  /** What the page knows of it. */
  readonly facts: ModelFacts;
  /** The generator that samples are drawn from: the averaged one, if there is one. */
  readonly sampled: Network;
  /** The generator as it learns. */
  readonly generator: Network;
  /** The discriminator. */
  readonly discriminator: Network;
}

/** What is in the worker: the GPU, and the open model. Calls of the page are given it. */
export class Engine {
  /** Whoever uses the GPU takes turns, so that nothing runs between the steps of another. */
  readonly turns: Turns = new Turns();
  /** Tells the page something. */
  readonly tell: (event: string, value: unknown) => void;
  /** The open model; undefined if there is none. */
  model: OpenModel | undefined;
  /** Files that the user gave to the page. */
  readonly given: GivenFiles = new GivenFiles();
  /** Whether what is in the folder of runs outlasts the tab. */
  keepsRuns = false;
  #open: () => Promise<Device>;
  #device: Promise<Device> | undefined;
  #ids = 0;

  /** @param open Opens the GPU, when it is first needed. */
  constructor(open: () => Promise<Device>, tell: (event: string, value: unknown) => void) {
    this.#open = open;
    this.tell = tell;
  }

  /** The GPU. The first call opens it; a call after a failure, or after it was lost, opens it anew. */
  async device(): Promise<Device> {
    if (this.#device && (await this.#device).ended) this.#device = undefined;
    return await (this.#device ??= this.#open().catch((error) => {
      this.#device = undefined;
      throw error;
    }));
  }

  /** A number that no model had before. */
  nextId(): number {
    return ++this.#ids;
  }

  /**
   * The open model.
   *
   * @throws {Error} if there is none.
   */
  expectModel(): OpenModel {
    if (!this.model) {
      throw new Error("Cannot use the model: one must be open, found none. Start or open a run");
    }
    return this.model;
  }
}

/** What the page can have done in the worker. Its result is copied to the page. */
// deno-lint-ignore no-explicit-any
export type Call<Given = any, Result = any> = (engine: Engine, given: Given) => Result | Promise<Result>;
