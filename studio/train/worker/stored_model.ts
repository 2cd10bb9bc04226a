import { loadDiscriminator } from "../../../src/dcgan/experiments/networks/load_discriminator.ts";
import type { TrainConfig } from "../../../src/dcgan/options/config.ts";
import { countInGrid } from "../../../src/dcgan/sampling/class_rows.ts";
import { generateBytes } from "../../../src/dcgan/sampling/generate.ts";
import { loadGenerator } from "../../../src/dcgan/sampling/load_generator.ts";
import type { Device } from "../../../src/gpu/mod.ts";
import type { OpenModel } from "../../engine/engine.ts";
import type { Pictures } from "../../engine/model.ts";
import { picturesOf } from "./pictures_of.ts";

/** The model of a run folder that does not train. */
export class StoredModel implements Disposable {
  /** Its networks. */
  readonly model: OpenModel;
  /** What is wrong with checkpoints that were passed over. */
  readonly warnings: readonly string[];
  #owned: DisposableStack;

  private constructor(model: OpenModel, warnings: readonly string[], owned: DisposableStack) {
    this.model = model;
    this.warnings = warnings;
    this.#owned = owned;
  }

  /**
   * Loads the networks of a run's latest checkpoint.
   *
   * @throws {Error} if it has none that is whole.
   */
  static async open(device: Device, out: string, name: string, id: number): Promise<StoredModel> {
    using owned = new DisposableStack();
    const { discriminator, config, step, warnings } = await loadDiscriminator(device, out);
    owned.use(discriminator);
    const sampled = owned.use((await loadGenerator(device, out)).generator);
    const generator = owned.use((await loadGenerator(device, out, { ema: false })).generator);
    const parameters = {
      generator: generator.parameterCount,
      discriminator: discriminator.parameterCount,
    };
    const facts = { id, name, config, step, parameters };
    return new StoredModel({ facts, sampled, generator, discriminator }, warnings, owned.move());
  }

  /** Samples of it, from the run's own latent vectors. */
  async samples(): Promise<Pictures> {
    const { sampled, facts: { config } } = this.model;
    return await samplesOf(sampled, config);
  }

  /** Gives its memory back. */
  [Symbol.dispose](): void {
    this.#owned.dispose();
  }
}

/** Most samples that the page shows at once. */
const MOST_SHOWN = 64;

/** The samples that a run is watched by: always from the same latent vectors. */
export async function samplesOf(sampled: OpenModel["sampled"], config: TrainConfig): Promise<Pictures> {
  const { seed, latent, latentDistribution, classes, samples, size } = config;
  const count = countInGrid(Math.min(samples, MOST_SHOWN), classes?.length);
  const labels = classes?.map((_, at) => at);
  const data = await generateBytes(sampled, { count, seed, latent, latentDistribution, labels, size });
  return picturesOf(data, count, config);
}
