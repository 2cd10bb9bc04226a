import { defineKernel, type Device, expectKnownOptions, type Tensor } from "../../gpu/mod.ts";
import type { LossName } from "../options/losses.ts";

/** Above this probability, augmentations may leak into samples (Karras et al. 2020, section 2.2). */
const MOST_PROBABILITY = 0.8;

/** Steps between changes of the probability, as in StyleGAN2-ADA. */
const INTERVAL = 4;

/**
 * The probability moves by 1 within as many images as the run has seen, within these limits: the paper's
 * runs, which take 500,000, see 25 million images, and runs of minutes need more speed. The number of steps
 * that a run is to have does not count, so that a run that goes on longer has the same steps.
 */
const SPEED = { least: 5_000, most: 500_000 } as const;

/** Threads of the one workgroup. */
const WORKGROUP = 64;

/** Options of {@linkcode AdaptiveProbability}. */
export interface AdaptiveProbabilityOptions {
  /** The loss, which says what a logit means. */
  readonly loss: LossName;
  /** Real images in a batch, or packs of them: what the discriminator judges. */
  readonly batch: number;
  /**
   * Real images that a step takes: more than `batch` if they are packed, or if a step has several updates.
   *
   * @default {batch}
   */
  readonly images?: number;
  /** What the mean sign of real images' logits should be: from -1 to 1, such as 0.6. */
  readonly target: number;
}

/** Places in the row of values. */
const [PROBABILITY, SIGNS] = [0, 1];

/**
 * How sure the discriminator is of a real image, of which only the sign counts, as WGSL: the logit less the
 * one that tells neither way. Where a loss gives logits no such zero, their lead over the fake image of the
 * same place.
 */
function certaintyOf(loss: LossName): string {
  switch (loss) {
    case "non-saturating":
    case "minimax":
    case "hinge":
      return "logits[n]";
    case "least-squares":
      return "logits[n] - 0.5";
    case "wasserstein":
    case "rpgan":
      return "logits[n] - logits[params.batch + n]";
  }
}

/**
 * ADA's heuristic (Karras et al. 2020, "Training Generative Adversarial Networks with Limited Data", section
 * 3): the more the discriminator overfits, the more often images are augmented. It overfits if it is sure of
 * nearly all real images: if the mean sign of their logits, `r`, is above a target. Every four steps the
 * probability moves up or down by a fixed amount, depending on which side of the target the mean of `r` over
 * these steps is. It starts at 0, and stays at or below 0.8. All of it stays on the GPU.
 *
 * The probability moves by 1 within as many images as the run has seen, but at least 5,000 and at most the
 * paper's 500,000. With `least-squares` it is the sign of the logit less 0.5 that counts; with `wasserstein`
 * and `rpgan`, whose logits have no zero, that of the lead over the fake image at the same place.
 *
 * @example
 * ```ts
 * import { assert, assertEquals } from "@std/assert";
 * import { AdaptiveProbability } from "@x/dcgan";
 * import { advance, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * using counter = device.state([1], "u32");
 * const options = { loss: "hinge", batch: 2, target: 0.6 } as const;
 * using adaptive = new AdaptiveProbability(device, counter, options);
 * assertEquals(await adaptive.probability.item(), 0);
 * for (let step = 0; step < 4; step++) {
 *   // Logits of two real images, and of two fake ones: the discriminator is sure
 *   adaptive.adapt(device.tensor([2, 3, -1, -4]));
 *   advance(counter);
 * }
 * assert(await adaptive.probability.item() > 0);
 * ```
 */
export class AdaptiveProbability implements Disposable {
  /**
   * `[2]`: the probability, and the sum of the means of signs since it last moved. All that the next step
   * depends on.
   */
  readonly values: Tensor;
  /** `[1]`: the probability. */
  readonly probability: Tensor;
  #adapt: (logits: Tensor) => void;

  /**
   * Of 0.
   *
   * @param counter Steps done before the current one: u32 `[1]`.
   * @throws {RangeError} if the batch, the number of images or the target is out of its range.
   */
  constructor(device: Device, counter: Tensor, options: AdaptiveProbabilityOptions) {
    expectKnownOptions("AdaptiveProbability", options, {
      loss: true,
      batch: true,
      images: true,
      target: true,
    });
    const { loss, batch, images = batch, target } = options;
    expectNumber("batch", batch, Number.isInteger(batch) && batch >= 1, "a whole number of at least 1");
    expectNumber(
      "number of images",
      images,
      Number.isInteger(images) && images >= batch,
      `a whole number of at least the batch, ${batch}`,
    );
    expectNumber("target", target, target >= -1 && target <= 1, "from -1 to 1");
    this.values = device.state([2]);
    this.probability = device.slice(this.values, PROBABILITY, [1]);
    const kernel = defineKernel({
      label: "adapt augmentation",
      bindings: {
        logits: ["read", "array<f32>"],
        counter: ["read", "array<u32>"],
        values: ["update", "array<f32>"],
      },
      uniforms: { batch: "u32", images: "f32", target_sign: "f32" },
      workgroup: WORKGROUP,
      declarations: `var<workgroup> shared_signs: array<f32, ${WORKGROUP}>;`,
      iterations: ({ batch }) => Math.ceil(batch! / WORKGROUP) + 1 + WORKGROUP + 1,
      body: `  var signs = 0.0;
  for (var n = thread; n < params.batch; n += ${WORKGROUP}u) { signs += sign(${certaintyOf(loss)}); }
  shared_signs[thread] = signs;
  workgroupBarrier();
  if (thread != 0u) { return; }
  var all = 0.0;
  for (var i = 0u; i < ${WORKGROUP}u; i++) { all += shared_signs[i]; }
  let steps = counter[0] + 1u;
  let sum = values[${SIGNS}] + all / f32(params.batch);
  if (steps % ${INTERVAL}u != 0u) { values[${SIGNS}] = sum; return; }
  let images = clamp(f32(steps) * params.images, ${SPEED.least}.0, ${SPEED.most}.0);
  let change = sign(sum / ${INTERVAL}.0 - params.target_sign) * ${INTERVAL}.0 * params.images / images;
  values[${PROBABILITY}] = clamp(values[${PROBABILITY}] + change, 0.0, ${MOST_PROBABILITY});
  values[${SIGNS}] = 0.0;`,
    });
    const uniforms = { batch, images, target_sign: target };
    this.#adapt = (logits) => {
      expectNumber("number of logits", logits.size, logits.size === 2 * batch, `${2 * batch}`);
      device.launch(kernel, { logits, counter, values: this.values }, uniforms, [1, 1, 1]);
    };
  }

  /**
   * Moves the probability after a step.
   *
   * @param logits The discriminator's before its update: those of real images, then those of fake ones.
   * @throws {RangeError} if there are not two for each real image.
   */
  adapt(logits: Tensor): void {
    this.#adapt(logits);
  }

  /** Frees its memory. */
  [Symbol.dispose](): void {
    this.probability.dispose();
    this.values.dispose();
  }
}

function expectNumber(name: string, found: number, isAllowed: boolean, allowed: string): void {
  if (isAllowed) return;
  throw new RangeError(`Cannot adapt a probability: the ${name} must be ${allowed}, found ${found}.`);
}
