import type { Scheduled, ScheduleName } from "../../nn/mod.ts";

/** How a training step changes weights. */
export interface OptimizerOptions {
  /**
   * Adam, or AdamW, whose weight decay is decoupled from the gradients; see `Adam` and `AdamW`. Without
   * `weightDecay` there is only Adam.
   *
   * @default {"adam"}
   */
  optimizer?: "adam" | "adamw";
  /**
   * The learning rate of both networks, or with `dLearningRate` that of the generator.
   *
   * @default {0.0002}
   */
  learningRate?: Scheduled;
  /** The learning rate of the discriminator. Without it, `learningRate`. */
  dLearningRate?: Scheduled;
  /**
   * How both learning rates change over the `steps` of the run: not at all, or to 0 along a line or half a
   * wave of a cosine; see `learningRateAt()`.
   *
   * @default {"constant"}
   */
  schedule?: ScheduleName;
  /**
   * Steps at the start in which both learning rates grow along a line. They must be fewer than those of the
   * run.
   *
   * @default {0}
   */
  warmup?: number;
  /**
   * Adam's decay of the mean of gradients.
   *
   * @default {0.5}
   */
  beta1?: number;
  /**
   * Adam's decay of the mean of squared gradients.
   *
   * @default {0.999}
   */
  beta2?: Scheduled;
  /**
   * The largest norm of all gradients of a network together: larger ones are shortened to it; see
   * `clipGradientNorm()`. 0 is off.
   *
   * @default {0}
   */
  clip?: number;
  /**
   * Share of each weight that is added to its gradient (L2), or with the optimizer `adamw` that, times the
   * learning rate, is taken off the weight. 0 is off.
   *
   * @default {0}
   */
  weightDecay?: number;
}
