import type { Tensor } from "../../gpu/mod.ts";
import { type Module, MovingAverage, type Network } from "../../nn/mod.ts";
import { startOf } from "../schedules/scheduled_values.ts";
import type { TrainerConfig } from "../trainer_config.ts";
import { AVERAGE_FILE, averagesOf } from "./kept_averages.ts";

/** The averages of its generator's weights that a run keeps. */
export class RunAverages implements Disposable {
  /** By their files in checkpoints. */
  readonly byFile: ReadonlyMap<string, MovingAverage>;
  readonly #states: ReadonlyMap<string, MovingAverage>;
  readonly #owned: DisposableStack;

  /**
   * As a config asks for.
   *
   * @param layers Makes the generator's layers once more for each.
   */
  constructor(generator: Network, config: TrainerConfig, layers: () => Module | readonly Module[]) {
    using owned = new DisposableStack();
    const kept = averagesOf(config).map(({ file, state, length }) => {
      const options = length === undefined ? { decay: startOf(config.ema) } : { length };
      return {
        file,
        state,
        average: owned.use(new MovingAverage(generator, layers(), options)),
      };
    });
    this.byFile = new Map(kept.map(({ file, average }) => [file, average]));
    this.#states = new Map(kept.map(({ state, average }) => [state, average]));
    this.#owned = owned.move();
  }

  /** The one that samples are drawn from. */
  get sampled(): MovingAverage | undefined {
    return this.byFile.get(AVERAGE_FILE);
  }

  /** Records their updates after a step. */
  update(): void {
    for (const average of this.byFile.values()) average.update();
  }

  /** Tensors besides the averaged weights that the next step depends on, by name. */
  state(): Map<string, Tensor> {
    return new Map(
      [...this.#states].flatMap(([name, average]) =>
        Object.entries(average.state()).map(([key, tensor]) => [`${name}.${key}`, tensor] as const)
      ),
    );
  }

  /** Frees their memory. */
  [Symbol.dispose](): void {
    this.#owned.dispose();
  }
}
