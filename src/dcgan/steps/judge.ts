import { concat, mixImages, mul, type Tensor } from "../../gpu/mod.ts";
import {
  gradientPenalty,
  type ModuleInputs,
  type Network,
  penalizedBackward,
  type PenaltyOptions,
} from "../../nn/mod.ts";
import type { AdversarialLoss } from "../adversarial_loss.ts";
import { joinedHalves, meanOf, sumOf } from "./join_parts.ts";
import type { SeenImages } from "./seen_images.ts";
import type { StepLabels } from "./step_parts.ts";

/** What the discriminator minimizes. */
export interface Objective {
  /** The loss. */
  readonly loss: AdversarialLoss;
  /** Gammas of R1 and of R2; as a tensor, `[2]`, if they change. */
  readonly gammas: readonly number[] | Tensor;
  /** Weight of the penalty at mixes of real and fake images; as a tensor, `[1]`, if it changes. */
  readonly mixWeight: number | Tensor;
}

/** What the discriminator judges at once. */
export interface JudgedBatch {
  /** Images as it sees them. */
  readonly seen: SeenImages;
  /** What they came through, for R1 and R2. */
  readonly through: PenaltyOptions;
  /** Their classes, of networks that are told them. */
  readonly labels?: StepLabels | undefined;
  /** Of each logit, 1 if its target is that of the other half; absent if all have their own. */
  readonly flips?: Tensor | undefined;
  /** Of each mix, how much is of the real image; absent without a penalty there. */
  readonly shares?: Tensor | undefined;
}

/** What the discriminator says of real and fake images. Its gradients are left in the network. */
export interface Judged {
  /** `[2, 2]`: loss and mean probability of real images, then of fake ones. */
  readonly discriminatorScores: Tensor;
  /** Those of real images, then those of fake ones. */
  readonly logits: Tensor;
  /**
   * `[penalties]`: R1 and R2 if one of them is on, then that at mixes if it is on; absent if there is none.
   */
  readonly penalties?: Tensor;
}

/** How the gradients of a micro-batch count. */
export interface Share {
  /** What they are multiplied with. */
  readonly share: number;
  /** Whether they are added to those of the micro-batches before. */
  readonly accumulate: boolean;
}

/** How a batch is judged. */
interface Judging extends Share {
  /** What modules are told of all images. */
  readonly inputs: ModuleInputs;
}

/** Judges a micro-batch. */
export function judge(
  discriminator: Network,
  { seen, through, labels: given, flips, shares }: JudgedBatch,
  { loss, gammas, mixWeight }: Objective,
  { share, accumulate }: Share,
): Judged {
  const fake = seen.fake.detach();
  const images = concat(seen.real, fake);
  const lossOf = (logits: Tensor, seed?: Tensor) =>
    loss.discriminator(logits, { ...(flips ? { flips } : {}), ...(seed ? { seed } : {}) });
  const inputs = { labels: given && concat(given.real, given.fake) };
  const how = { share, accumulate, inputs };
  const judged = gammas instanceof Array && gammas.every((gamma) => gamma === 0)
    ? judgePlainly(discriminator, images, lossOf, how)
    : judgeWithPenalties(discriminator, images, lossOf, gammas, { ...how, through });
  if (!shares) return judged;
  const mixes = mixImages(seen.real, fake, shares).detach();
  const weight = typeof mixWeight === "number" ? mixWeight * share : shareOf(mixWeight, share);
  const options = { weight, inputs: { labels: given?.real } };
  const penalty = gradientPenalty(discriminator, mixes, options).penalty.reshape([1]);
  return { ...judged, penalties: judged.penalties ? concat(judged.penalties, penalty) : penalty };
}

function judgePlainly(
  discriminator: Network,
  images: Tensor,
  lossOf: (logits: Tensor, seed: Tensor) => Tensor,
  { share, accumulate, inputs }: Judging,
): Judged {
  const logits = discriminator.forward(images, { groups: 2, inputs });
  const seed = lossesOnly(images, share);
  const discriminatorScores = lossOf(logits, seed);
  discriminator.backward([discriminatorScores], { seeds: [seed], accumulate });
  return { discriminatorScores, logits };
}

function judgeWithPenalties(
  discriminator: Network,
  images: Tensor,
  lossOf: (logits: Tensor) => Tensor,
  gammas: readonly number[] | Tensor,
  { share, accumulate, inputs, through }: Judging & { readonly through: PenaltyOptions },
): Judged {
  let scores: Tensor | undefined;
  const sharedLoss = (given: Tensor): Tensor => {
    scores = lossOf(given);
    return mul(scores, lossesOnly(images, share));
  };
  const shared = gammas instanceof Array ? gammas.map((gamma) => gamma * share) : shareOf(gammas, share);
  const { logits, penalties } = penalizedBackward(discriminator, images, sharedLoss, shared, {
    accumulate,
    inputs,
    ...through,
  });
  return { discriminatorScores: scores!.detach(), logits, penalties };
}

function shareOf(weights: Tensor, share: number): Tensor {
  return share === 1 ? weights : mul(weights, share).detach();
}

/** Of each row of a discriminator's scores the loss counts, the probability does not. */
function lossesOnly({ device }: Tensor, share: number): Tensor {
  return device.tensor([[share, 0], [share, 0]]);
}

/** The scores of a batch from those of its micro-batches. */
export function joinedJudgments(parts: readonly Judged[]): Judged {
  const penalties = parts.flatMap(({ penalties }) => penalties ?? []);
  return {
    discriminatorScores: meanOf(parts.map(({ discriminatorScores }) => discriminatorScores)),
    logits: joinedHalves(parts.map(({ logits }) => logits)),
    // They are shares of the penalties of the whole batch
    ...(penalties.length > 0 ? { penalties: penalties.length === 1 ? penalties[0]! : sumOf(penalties) } : {}),
  };
}
