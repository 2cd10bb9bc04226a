import { concat, expectKnownOptions, map, type Shards, type Tensor } from "../gpu/mod.ts";
import { expectTrained, type Network, type Optimizer } from "../nn/mod.ts";
import { adversarialLoss, expectLabels, type LossOptions } from "./adversarial_loss.ts";
import { joinedBatches, meanOf, sumOf } from "./steps/join_parts.ts";
import { joinedJudgments, judge, type Judged } from "./steps/judge.ts";
import { checkAugmentation, seenImages, seenThrough, type StepAugmentation } from "./steps/seen_images.ts";
import { besideEachOther, checkShards, IN_TURN } from "./steps/shard_passes.ts";
import { drawsOfParts, type StepGradientPenalty, type StepNoise } from "./steps/step_draws.ts";
import { type MicroBatch, type StepBatch, stepParts } from "./steps/step_parts.ts";
import type { StepResults } from "./steps/step_results.ts";
import { updateNetwork } from "./steps/update_network.ts";

export type { StepResults } from "./steps/step_results.ts";
export type { StepAugmentation } from "./steps/seen_images.ts";
export type { StepGradientPenalty, StepNoise } from "./steps/step_draws.ts";
export type { StepBatch, StepLabels } from "./steps/step_parts.ts";

/** The two networks. */
export interface Adversaries {
  /** Makes images from latent vectors. */
  readonly generator: Network;
  /** Tells real images from fake ones. */
  readonly discriminator: Network;
}

/** What a step computes. */
export interface TrainingStepOptions extends LossOptions {
  /**
   * Gamma of R1, the penalty of the discriminator's gradients at real images (Mescheder et al. 2018, section
   * 4.1): half of gamma times the mean square of their norm is added to the discriminator's loss. 0 turns it
   * off. The discriminator must suit `penalizedBackward()`: f32, and without batch norm.
   *
   * @default {0}
   */
  r1?: number;
  /**
   * Gamma of R2, the same penalty at fake images.
   *
   * @default {0}
   */
  r2?: number;
  /**
   * `[2]`: the gammas of R1 and R2, in place of `r1` and `r2`, if they change between runs of a program.
   */
  gammas?: Tensor;
  /**
   * WGAN-GP, a penalty of the discriminator's gradients at mixes of real and fake images (Gulrajani et al.
   * 2017, algorithm 1): the weight times the mean of `(|gradient| - 1)^2` is added to the discriminator's
   * loss; see `gradientPenalty()`. The discriminator must suit that, as with `r1`.
   */
  gradientPenalty?: StepGradientPenalty;
  /**
   * f32 `[2 * pairs]`, with `pairs` as for `gradientPenalty`: 1 where the discriminator's target of an image
   * is that of the other kind, else 0. Of each micro-batch those of its real images come first, then those of
   * its fake ones. Only logistic losses have targets to flip; the generator's stays.
   */
  labelFlips?: Tensor;
  /**
   * Noise that is added to all images that the discriminator sees, after they are augmented; see
   * `addNoise()`. Gradients pass through to the generator.
   */
  noise?: StepNoise;
  /**
   * The largest norm of all gradients of a network together; see `clipGradientNorm()`. 0 turns clipping off.
   *
   * @default {0}
   */
  clip?: number;
  /**
   * Images that the discriminator takes at once, in its channels; see `packImages()`. The images of a batch
   * that follow each other are packed together, and there are as many fewer logits.
   *
   * @default {1}
   */
  pack?: number;
  /**
   * Updates of the discriminator before the generator's, each on real images and latent vectors of its own.
   *
   * @default {1}
   */
  dSteps?: number;
  /**
   * Updates of the generator after the discriminator's, each but the first on latent vectors of its own.
   *
   * @default {1}
   */
  gSteps?: number;
  /**
   * Equal parts of a batch, micro-batches, that pass through the networks one after another. Their gradients
   * are added up before each update, so that a step takes less memory. Batch norms take their statistics from
   * each micro-batch.
   *
   * @default {1}
   */
  accumulate?: number;
  /**
   * The shards of a batch that this program computes, in place of `accumulate`: equal parts of the batch, whose gradients
   * and scores are added up in one order, and whose batch norms take the statistics of the whole batch unless `norms` says
   * otherwise. Programs that share a batch, such as those of several ranks, compute the same bits as one that has all of
   * its shards: run them with `Program.runTogether()`.
   */
  shards?: Shards;
  /**
   * How images are augmented wherever the discriminator sees them; not at all without it. Gradients pass
   * through to the generator.
   */
  augmentation?: StepAugmentation;
}

/**
 * One step of adversarial training, in the order of PyTorch's examples/dcgan. Call it while a program is
 * recorded.
 *
 * The discriminator sees real and fake images in one pass, in which batch norms keep the two halves apart, as
 * if they were two passes after each other; it is updated with the sum of both gradients. The generator then
 * learns from the discriminator just updated, through the same fake images; no gradients of the
 * discriminator's weights are computed there. With a loss of pairs, the updated discriminator sees the real
 * images once more.
 *
 * With `r1`, `r2` or `gradientPenalty`, the discriminator's gradients are also those of gradient penalties.
 * The mixes of the last are of images, or packs of them, as the discriminator sees them, augmented and with
 * noise. The scores stay those of the loss alone. With `clip`, the gradients of each network are clipped
 * before its update, those of penalties included.
 *
 * With `pack`, the discriminator judges several images at once (Lin et al. 2018). Losses are means over the
 * packs, and penalties are of gradients at packs.
 *
 * With `dSteps` of more than 1, `real` are so many batches one after another, and `latent` one more, for the
 * generator: each update of the discriminator takes the next, and the generator, which has not changed, makes
 * new images for each. With a loss of pairs, the generator's rivals are the real images of the last.
 *
 * With `gSteps` of more than 1, the generator is updated so many times, with a batch of latent vectors more
 * for each but the first. The discriminator and, with a loss of pairs, its real images stay those of its last
 * update.
 *
 * With `labels`, the networks are told the class of each image (Miyato and Koyama 2018): those of real
 * images, and those that the generator is to make of the latent vectors. A mix of a real and a fake image has
 * the class of the real one.
 *
 * With `accumulate`, batches pass through the networks in micro-batches, and gradients are means over these.
 * Without batch norm that is the step of the whole batch. The discriminator judges real and fake images of a
 * micro-batch together.
 *
 * With an augmentation, the discriminator sees augmented images only, real and fake (Zhao et al. 2020,
 * section 3). An image is augmented once a step: both networks learn from the same; with several updates, the
 * generator's has fresh images and so fresh parameters. The penalties are those of gradients at the images
 * themselves, through the augmentation, as in StyleGAN2-ADA and R3GAN.
 *
 * @throws {RangeError} if the numbers of latent vectors and of real images do not fit each other, `dSteps`,
 * `gSteps` or `accumulate` is no whole number of at least 1, the generator makes images of another shape, a
 * custom loss is no single number, the loss has no such target, all parameters of a network are frozen, there
 * is not one label for each image, `pack` is not 1 with labels or does not divide the micro-batch, `r1`,
 * `r2`, the weight of `gradientPenalty` or `clip` is no finite number of at least 0, there are not as many
 * shares or flips, or the augmentation has not two rows of parameters for each latent vector.
 * @throws {TypeError} if there are penalties, but the discriminator has batch norm or is of f16.
 */
export function trainingStep(
  { generator, discriminator }: Adversaries,
  optimizers: { readonly generator: Optimizer; readonly discriminator: Optimizer },
  batch: StepBatch,
  options: TrainingStepOptions = {},
): StepResults {
  expectKnownOptions("trainingStep()", options, {
    loss: true,
    realLabel: true,
    fakeLabel: true,
    generatorTarget: true,
    r1: true,
    r2: true,
    gradientPenalty: true,
    labelFlips: true,
    noise: true,
    gammas: true,
    clip: true,
    pack: true,
    dSteps: true,
    gSteps: true,
    accumulate: true,
    shards: true,
    augmentation: true,
  });
  const { r1 = 0, r2 = 0, gammas = [r1, r2], gradientPenalty, labelFlips, noise, augmentation, ...others } =
    options;
  const { clip = 0, pack = 1, dSteps = 1, gSteps = 1, shards, ...rest } = others;
  const { accumulate: inTurn = 1, ...targets } = rest;
  const count = shards?.count ?? inTurn;
  const loss = adversarialLoss(targets);
  if (labelFlips) expectLabels(targets);
  for (const [name, network] of Object.entries({ discriminator, generator })) {
    expectTrained(network, "take a training step", name);
  }
  if (shards) checkShards(shards, { discriminator, generator });
  if (shards && inTurn !== 1) {
    throw new RangeError(`Cannot take a training step: with shards accumulate must be 1, found ${inTurn}`);
  }
  const { device } = batch.real;
  const passes = shards ? besideEachOther(device, shards) : IN_TURN;
  const { first: firstPart, end: endPart } = shards ?? { first: 0, end: count };
  const parts = stepParts(batch, { dSteps, gSteps, accumulate: count, own: [firstPart, endPart] });
  const share = 1 / count;
  const draws = drawsOfParts(
    { gradientPenalty, labelFlips },
    batch.real.shape[0]! / pack,
    dSteps * count,
  );
  const objective = { loss, gammas, mixWeight: gradientPenalty?.weight ?? 0 };

  if (batch.labels && pack > 1) {
    throw new RangeError(
      `Cannot take a training step: with labels the pack must be 1, as the images of a pack have several, found ${pack}`,
    );
  }
  if (augmentation) checkAugmentation(augmentation, batch.latent.shape[0]!);

  const generate = ({ real, latent, labels, first }: MicroBatch) => {
    const fake = generator.forward(latent, { inputs: { labels: labels?.fake } });
    expectImages(fake, real);
    const seeing = { augmentation, noise, pack, first };
    return { fake, labels, seen: seenImages({ real, fake }, seeing), through: seenThrough(seeing) };
  };
  let drawn: ReturnType<typeof generate>[] = [];
  let judged: Judged[] = [];
  const norms: { discriminator?: Tensor | undefined; generator?: Tensor | undefined } = {};
  const earlier = { discriminator: [] as Tensor[], generator: [] as Tensor[] };
  const update = (name: keyof typeof earlier, isLast: boolean): void => {
    const network = { discriminator, generator }[name];
    norms[name] = updateNetwork(network, optimizers[name], { clip, wanted: isLast });
    const scaling = network.gradientScaling?.values;
    if (scaling && !isLast) earlier[name].push(map("earlier scaling", { scaling }, "scaling"));
  };
  for (const [at, batches] of parts.discriminator.entries()) {
    drawn = passes.each(batches, generate);
    const found = passes.each(drawn, (part, k, accumulate) => {
      const judgedBatch = { ...part, ...draws[at * count + firstPart + k]! };
      return judge(discriminator, judgedBatch, objective, { share, accumulate });
    });
    judged = passes.addUp(discriminator, found);
    update("discriminator", at === dSteps - 1);
  }

  const learn = ({ seen, labels }: ReturnType<typeof generate>, _: number, accumulate: boolean) => {
    // In a pass of their own, real images cost no backward pass: no gradient of the generator is theirs.
    const rivals = loss.paired
      ? discriminator.forward(seen.real, { inputs: { labels: labels?.real } }).detach()
      : undefined;
    const logits = discriminator.forward(seen.fake, { inputs: { labels: labels?.fake } });
    const seed = device.tensor([[share, 0]]);
    const scores = loss.generator(rivals ? concat(logits, rivals) : logits, { seed });
    generator.backward([scores], { seeds: [seed], accumulate });
    return { scores, logits };
  };
  let learned: ReturnType<typeof learn>[] = [];
  for (const [at, batches] of parts.generator.entries()) {
    if (batches) drawn = passes.each(batches, generate);
    learned = passes.addUp(generator, passes.each(drawn, learn));
    update("generator", at === gSteps - 1);
  }

  return {
    ...joinedJudgments(judged),
    generatorScores: meanOf(learned.map(({ scores }) => scores)),
    fake: joinedBatches(drawn.map(({ fake }) => fake)),
    generatorLogits: joinedBatches(learned.map(({ logits }) => logits)),
    gradientNorms: { discriminator: norms.discriminator!, generator: norms.generator! },
    ...(earlier.discriminator.length > 0
      ? { earlierDiscriminatorScaling: sumOf(earlier.discriminator) }
      : {}),
    ...(earlier.generator.length > 0 ? { earlierGeneratorScaling: sumOf(earlier.generator) } : {}),
  };
}

/** Throws unless the generator makes images like the real ones. */
function expectImages(fake: Tensor, real: Tensor): void {
  const [found, wanted] = [fake.shape.join(", "), real.shape.join(", ")];
  if (found === wanted) return;
  throw new RangeError(
    `Cannot take a training step: the generator must make images of the shape of the real ones, [${wanted}], found [${found}]`,
  );
}
