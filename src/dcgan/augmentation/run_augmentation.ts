import { type Device, drawAugmentation, type Tensor } from "../../gpu/mod.ts";
import { sidesOf } from "../../pictures/image_size.ts";
import { hasAlpha } from "../../pictures/picture.ts";
import { STREAMS } from "../streams.ts";
import { changes, startOf } from "../schedules/scheduled_values.ts";
import { imagesInStep, latentsInStep } from "../batches/images_in_step.ts";
import type { TrainerConfig } from "../trainer_config.ts";
import type { StepAugmentation, StepResults } from "../training_step.ts";
import { AdaptiveProbability } from "./adaptive_probability.ts";

/** Name of the state of an adaptive probability in checkpoints. */
export const ADAPTIVE_STATE = "augmentation.adaptive";

/** How the steps of a run augment their images. */
export class RunAugmentation implements Disposable {
  readonly #device: Device;
  readonly #config: TrainerConfig;
  readonly #counter: Tensor;
  /** The probability, if it adapts itself. */
  readonly adaptive: AdaptiveProbability | undefined;
  readonly #scheduled: Tensor | undefined;

  /**
   * As a config asks for.
   *
   * @param counter Steps done before the current one: u32 `[1]`.
   */
  constructor(device: Device, config: TrainerConfig, counter: Tensor) {
    this.#device = device;
    this.#config = config;
    this.#counter = counter;
    const { augmentTarget: target, augmentProbability, loss, pack } = config;
    this.#scheduled = changes(augmentProbability) ? device.state([1]) : undefined;
    // The discriminator judges packs
    const batch = config.batch / pack;
    this.adaptive = target > 0
      ? new AdaptiveProbability(device, counter, { loss, batch, images: imagesInStep(config), target })
      : undefined;
  }

  /** Records the draws of a step: of each of its parts for the real images, then for the fake ones. */
  draw(): StepAugmentation {
    const { augment: kinds, augmentProbability, size, channels, seed } = this.#config;
    const { width, height } = sidesOf(size);
    const probability = this.adaptive?.probability ?? this.#scheduled ?? startOf(augmentProbability);
    const how = { size: [height, width], kinds, probability } as const;
    const draw = { seed, stream: STREAMS.augmentation, counter: this.#counter };
    return {
      kinds,
      ...(hasAlpha(channels) ? { alpha: true } : {}),
      parameters: drawAugmentation(this.#device, 2 * latentsInStep(this.#config), { ...how, ...draw }),
    };
  }

  /** Sets the probability of the next step, if it has a schedule. */
  setProbability(probability: number): void {
    this.#scheduled?.set([probability]);
  }

  /** Records what a step changes. */
  adapt({ logits }: StepResults): void {
    this.adaptive?.adapt(logits);
  }

  /** Tensors that the next step depends on, by name. */
  state(): Readonly<Record<string, Tensor>> {
    return this.adaptive ? { [ADAPTIVE_STATE]: this.adaptive.values } : {};
  }

  /** Frees its memory. */
  [Symbol.dispose](): void {
    this.adaptive?.[Symbol.dispose]();
    this.#scheduled?.dispose();
  }
}
