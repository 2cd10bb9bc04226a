import type { Tensor } from "../gpu/mod.ts";
import {
  hingeScores,
  leastSquaresScores,
  logisticScores,
  type LogitTarget,
  relativisticScores,
  type ScoreOptions,
  type SeedOptions,
  wassersteinScores,
} from "../nn/mod.ts";
import { type CustomLoss, customLoss } from "./parts/custom_loss.ts";
import { isLogistic, LOSSES, type LossName } from "./options/losses.ts";

/** What the losses aim at. */
export interface LossOptions {
  /**
   * The loss of both networks:
   *
   * - `non-saturating`: logistic; the generator's is `-log D(G(z))` (Goodfellow et al. 2014, section 3).
   * - `minimax`: logistic; the generator's is the original `log(1 - D(G(z)))`, whose gradient fades when the
   *   discriminator wins.
   * - `least-squares`: half the squares of logits less 1 for real, 0 for fake, and 1 for the generator (Mao
   *   et al. 2016).
   * - `hinge`: logits beyond a margin of 1 on the right side of 0 cost nothing; the generator's is the
   *   negative mean (Lim and Ye 2017).
   * - `wasserstein`: means of logits (Arjovsky et al. 2017). The loss itself does not bound the
   *   discriminator's slope: add `r1` and `r2`.
   * - `rpgan`: by how much the real image leads the fake one of the same place in the batch (Huang et al.
   *   2024).
   *
   * Or a loss of your own. Half of the discriminator's is then the score of either half of its logits.
   *
   * @default {"non-saturating"}
   */
  loss?: LossName | CustomLoss;
  /**
   * The discriminator's target for real images. Only logistic losses and least squares have targets.
   *
   * @default {1}
   */
  realLabel?: number;
  /**
   * The discriminator's target for fake images.
   *
   * @default {0}
   */
  fakeLabel?: number;
  /**
   * The target for fake images that the generator aims at.
   *
   * @default {1}
   */
  generatorTarget?: number;
}

/**
 * A loss of both networks. Both give mean losses and mean probabilities of groups of logits, as
 * `logisticScores()`.
 */
export interface AdversarialLoss {
  /**
   * `[2, 2]`, of the logits of real images and then of fake ones. The loss is the sum of both. Logistic
   * losses take flips of labels, as `logisticScores()` does, and all but custom ones a `seed`.
   */
  readonly discriminator: (logits: Tensor, options?: ScoreOptions) => Tensor;
  /** `[1, 2]`, of the logits of fake images. */
  readonly generator: (logits: Tensor, options?: SeedOptions) => Tensor;
  /** Whether the generator's loss compares fake images with real ones, whose logits then follow theirs. */
  readonly paired?: boolean;
}

const UP: LogitTarget = { target: 1 };
const DOWN: LogitTarget = { target: -1 };

/**
 * The loss of a name, with what it aims at.
 *
 * @throws {RangeError} if there is none of that name, or a target is given but it has none.
 */
export function adversarialLoss(options: LossOptions): AdversarialLoss {
  const { loss = "non-saturating", realLabel = 1, fakeLabel = 0, generatorTarget = 1 } = options;
  if (typeof loss === "object") {
    expectNoTargets("a custom loss", options);
    return customLoss(loss);
  }
  if (loss !== "least-squares" && !isLogistic(loss)) expectNoTargets(`the loss ${loss}`, options);
  const labels = [{ target: realLabel }, { target: fakeLabel }];
  switch (loss) {
    case "non-saturating":
    case "minimax": {
      const aim = loss === "minimax" ? { target: fakeLabel, scale: -1 } : { target: generatorTarget };
      return {
        discriminator: (logits, options) => logisticScores(logits, labels, options),
        generator: (logits, options) => logisticScores(logits, [aim], options),
      };
    }
    case "least-squares":
      return {
        discriminator: (logits, options) => leastSquaresScores(logits, labels, options),
        generator: (logits, options) => leastSquaresScores(logits, [{ target: generatorTarget }], options),
      };
    case "hinge":
      return {
        discriminator: (logits, options) => hingeScores(logits, [UP, DOWN], options),
        // Without a margin, as beyond one the generator would stop learning
        generator: (logits, options) => wassersteinScores(logits, [UP], options),
      };
    case "wasserstein":
      return {
        discriminator: (logits, options) => wassersteinScores(logits, [UP, DOWN], options),
        generator: (logits, options) => wassersteinScores(logits, [UP], options),
      };
    case "rpgan":
      return {
        // Both halves have the same loss, so each gets half of it
        discriminator: (logits, options) =>
          relativisticScores(logits, [{ ...UP, scale: 0.5 }, { ...DOWN, scale: 0.5 }], options),
        generator: (logits, options) => relativisticScores(logits, [UP], options),
        paired: true,
      };
    default:
      throw new RangeError(
        `Cannot take a training step: the loss must be one of ${
          LOSSES.join(", ")
        }, found ${loss satisfies never}`,
      );
  }
}

/**
 * Throws unless the loss has labels to flip.
 *
 * @throws {RangeError} if it is not logistic.
 */
export function expectLabels({ loss = "non-saturating" }: LossOptions): void {
  if (typeof loss === "string" && isLogistic(loss)) return;
  const found = typeof loss === "string" ? `the loss ${loss}` : "a custom loss";
  throw new RangeError(
    `Cannot take a training step: 'labelFlips' must be absent with ${found}. Only logistic losses have labels`,
  );
}

function expectNoTargets(loss: string, { realLabel, fakeLabel, generatorTarget }: LossOptions): void {
  for (const [name, value] of Object.entries({ realLabel, fakeLabel, generatorTarget })) {
    if (value === undefined) continue;
    throw new RangeError(
      `Cannot take a training step: '${name}' must be absent with ${loss}, found ${value}. ` +
        "Only logistic losses and least squares have targets",
    );
  }
}
