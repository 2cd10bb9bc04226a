import { concat, mul, split, type Tensor } from "../../gpu/mod.ts";
import { meanSigmoid } from "../../nn/mod.ts";
import type { AdversarialLoss } from "../adversarial_loss.ts";

/**
 * A loss of your own, made of operations with gradients. The discriminator is updated to make its loss smaller, and then the
 * generator to make its own smaller.
 */
export interface CustomLoss {
  /** A single number, of the discriminator's logits of real images and of fake ones. */
  discriminator(real: Tensor, fake: Tensor): Tensor;
  /** A single number, of the updated discriminator's logits of fake images; with `paired`, also of those of real ones. */
  generator(fake: Tensor, real?: Tensor): Tensor;
  /**
   * Whether the generator's loss compares fake images with real ones, which costs one more pass.
   *
   * @default {false}
   */
  paired?: boolean;
}

/** A custom loss in the form of the others: each half of the discriminator's scores has half of the loss. */
export function customLoss({ discriminator, generator, paired = false }: CustomLoss): AdversarialLoss {
  return {
    discriminator: (logits) => {
      const [real, fake] = split(logits, 2) as [Tensor, Tensor];
      const half = mul(single("discriminator", discriminator(real, fake)), 0.5);
      return concat(scores(half, real), scores(half, fake));
    },
    generator: (logits) => {
      const [fake, real] = paired ? split(logits, 2) as [Tensor, Tensor] : [logits];
      return scores(single("generator", generator(fake, real)), fake);
    },
    paired,
  };
}

/** `[1, 2]`: a loss, and the mean probability, which gets no gradient. */
function scores(loss: Tensor, logits: Tensor): Tensor {
  return concat(loss.reshape([1, 1]), meanSigmoid(logits).detach().reshape([1, 1]), { axis: 1 });
}

function single(network: string, loss: Tensor): Tensor {
  if (loss.size === 1) return loss;
  throw new RangeError(
    `Cannot take a training step: the custom loss of the ${network} must be a single number, found shape ` +
      `[${loss.shape.join(", ")}]. Take its mean()`,
  );
}
