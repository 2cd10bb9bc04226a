import type { TrainConfig } from "../options/config.ts";
import type { Trainer } from "../trainer.ts";
import { type OpeningOptions, tell, type TrainingRanks } from "./rank_messages.ts";
import { expectAlike } from "./expect_alike.ts";
import { readState } from "./rank_state.ts";

/** Rank 0 of a run, which tells the others what to do. */
export class Leader {
  readonly #ranks: TrainingRanks;
  readonly #options: OpeningOptions;
  #isStepping = false;

  /** Of these ranks. */
  constructor(ranks: TrainingRanks, { dataRoot, dataTimeout, mirror, offline }: OpeningOptions) {
    this.#ranks = ranks;
    const options = { dataRoot, dataTimeout, mirror, offline };
    this.#options = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  }

  /** How many ranks there are. */
  get size(): number {
    return this.#ranks.size;
  }

  /** Has all ranks train what a trainer does, from where that is. */
  async begin(config: TrainConfig, trainer: Trainer): Promise<void> {
    const state = await readState(trainer);
    await tell(this.#ranks, { type: "plan", config, options: this.#options, steps: trainer.steps });
    await this.#ranks.broadcast(state);
  }

  /**
   * Has all ranks compare what they have learned.
   *
   * @throws {RangeError} unless it is the same.
   */
  async check(trainer: Trainer): Promise<void> {
    await tell(this.#ranks, { type: "check" });
    await expectAlike(this.#ranks, trainer);
  }

  /** Has all ranks take a step, as this one does by `step`. */
  async step(step: () => Promise<void>): Promise<void> {
    this.#isStepping = true;
    await tell(this.#ranks, { type: "step" });
    await step();
    this.#isStepping = false;
  }

  /** Has all ranks end well. Where a step failed on the way they wait in it, and no word reaches them any more. */
  async end(failure: unknown): Promise<void> {
    if (!this.#isStepping) await tell(this.#ranks, { type: "end" });
    else this.#ranks.abort?.(failure instanceof Error ? failure.message : "it left a step");
  }
}
