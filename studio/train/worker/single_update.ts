import type { Device, Program, Tensor } from "../../../src/gpu/mod.ts";
import { RunAugmentation } from "../../../src/dcgan/augmentation/run_augmentation.ts";
import { Batches } from "../../../src/dcgan/batches/batches.ts";
import { imagesInStep, latentsInStep } from "../../../src/dcgan/batches/images_in_step.ts";
import { recordBatch } from "../../../src/dcgan/batches/record_batch.ts";
import { UploadedPictures } from "../../../src/dcgan/batches/uploaded_pictures.ts";
import { drawLatent } from "../../../src/dcgan/networks/latent.ts";
import type { TrainConfig } from "../../../src/dcgan/options/config.ts";
import { stepOptions } from "../../../src/dcgan/parts/trainer_parts.ts";
import { startOf } from "../../../src/dcgan/schedules/scheduled_values.ts";
import { drawForStep } from "../../../src/dcgan/steps/run_draws.ts";
import { STREAMS } from "../../../src/dcgan/streams.ts";
import type { Trainer } from "../../../src/dcgan/trainer.ts";
import { trainingStep } from "../../../src/dcgan/training_step.ts";
import type { OpenDataset } from "../../../plugins/datasets/mod.ts";

/** An update that changes nothing: its network only stands by. */
const STANDS_BY = { step() {} };

/**
 * Steps in which one network learns and the other stands by: the step of the run, in which one optimizer does
 * nothing. Pictures and random numbers are those of the run's next steps, which will have them as well.
 */
export class SingleUpdate implements Disposable {
  #trainer: Trainer;
  #pictures: UploadedPictures;
  #augmentation: RunAugmentation | undefined;
  #counter: Tensor;
  #batches: Batches;
  #dataset: OpenDataset;
  #config: TrainConfig;
  #program: Program;
  #owned: DisposableStack;
  #done = 0;

  /** @param learns The network that learns. */
  constructor(
    device: Device,
    trainer: Trainer,
    config: TrainConfig,
    dataset: OpenDataset,
    learns: "generator" | "discriminator",
  ) {
    using owned = new DisposableStack();
    this.#trainer = trainer;
    this.#config = config;
    this.#dataset = dataset;
    this.#batches = new Batches(dataset, imagesInStep(config), config.seed);
    this.#counter = owned.use(device.state([1], "u32"));
    this.#pictures = owned.use(new UploadedPictures(device, config));
    this.#augmentation = config.augment.length === 0
      ? undefined
      : owned.use(new RunAugmentation(device, config, this.#counter));
    const optimizers = {
      generator: STANDS_BY,
      discriminator: STANDS_BY,
      [learns]: trainer.optimizers[learns],
    } as unknown as Parameters<typeof trainingStep>[1];
    this.#program = owned.use(device.program({}, () => {
      const batch = recordBatch(this.#pictures, this.#counter, config);
      const draw = { seed: config.seed, stream: STREAMS.latent, counter: this.#counter };
      const latent = drawLatent(
        device,
        latentsInStep(config),
        config.latent,
        config.latentDistribution,
        draw,
      );
      const draws = drawForStep(device, config, this.#counter, {
        gradientPenalty: startOf(config.gradientPenalty),
        instanceNoise: startOf(config.instanceNoise),
      });
      const augmentation = this.#augmentation?.draw();
      trainingStep(trainer, optimizers, { ...batch, latent }, {
        ...stepOptions(config, {}),
        r1: startOf(config.r1),
        r2: startOf(config.r2),
        ...draws,
        ...(augmentation ? { augmentation } : {}),
      });
      if (learns === "generator") { for (const average of trainer.averages.values()) average.update(); }
    }));
    this.#owned = owned.move();
  }

  /** Has the network learn once more. */
  async run(): Promise<void> {
    const step = this.#trainer.steps + this.#done++;
    const labels = this.#config.classes && this.#dataset.labels?.[String(this.#config.conditional)];
    const places = this.#batches.indices(step);
    this.#pictures.write(
      await this.#batches.read(step),
      labels ? places.map((place) => labels.at(place)) : undefined,
    );
    this.#counter.set([step]);
    this.#program.run({});
  }

  /** Gives its memory back. */
  [Symbol.dispose](): void {
    this.#owned.dispose();
  }
}
