import { Adam, AdamW } from "../../nn/mod.ts";
import { startOf } from "../schedules/scheduled_values.ts";
import type { StepValues } from "../schedules/run_schedules.ts";
import { isSteady, type RateConfig, ratesAt } from "./learning_rates.ts";
import type { OptimizerOptions } from "../options/optimizer_options.ts";
import type { Adversaries } from "../training_step.ts";

/** What the optimizers of a run need to know of it. */
export interface OptimizerConfig
  extends
    RateConfig,
    Readonly<Required<Pick<OptimizerOptions, "optimizer" | "beta1" | "beta2" | "weightDecay">>> {}

/** The optimizers of both networks, with the learning rates of a run's schedule. */
export class Optimizers implements Disposable {
  /** That of the generator. */
  readonly generator: Adam | AdamW;
  /** That of the discriminator. */
  readonly discriminator: Adam | AdamW;
  #rates: RateConfig;
  readonly #beta1: number;

  /** With fresh state. */
  constructor({ generator, discriminator }: Adversaries, config: OptimizerConfig) {
    const { optimizer, beta1, beta2, weightDecay, learningRate, dLearningRate = learningRate } = config;
    const Kind = optimizer === "adamw" ? AdamW : Adam;
    const options = { betas: [beta1, startOf(beta2)] as const, weightDecay };
    using owned = new DisposableStack();
    this.generator = owned.use(new Kind(generator, { ...options, learningRate: startOf(learningRate) }));
    this.discriminator = owned.use(
      new Kind(discriminator, { ...options, learningRate: startOf(dLearningRate) }),
    );
    this.#rates = config;
    this.#beta1 = beta1;
    owned.move();
  }

  /** Sets what the learning rates of all further steps follow from. */
  setRates(config: RateConfig): void {
    this.#rates = config;
    const { learningRate, dLearningRate = learningRate } = config;
    this.#set({ generator: startOf(learningRate), discriminator: startOf(dLearningRate) });
  }

  /** The learning rates of a step, counted from 0; none if all steps have the same. */
  ratesAt(step: number): StepValues {
    if (isSteady(this.#rates)) return {};
    const { generator, discriminator } = ratesAt(step, this.#rates);
    const own = this.#rates.dLearningRate === undefined ? {} : { dLearningRate: discriminator };
    return { learningRate: generator, ...own };
  }

  /** Sets Adam's decay of the mean of squared gradients from the next step on. */
  setBeta2(beta2: number): void {
    for (const optimizer of [this.generator, this.discriminator]) optimizer.setBetas([this.#beta1, beta2]);
  }

  /**
   * Sets the learning rates of a step, counted from 0, before it runs. Nothing is written if all steps have
   * the same.
   */
  beforeStep(step: number): void {
    if (!isSteady(this.#rates)) this.#set(ratesAt(step, this.#rates));
  }

  #set(rates: { readonly generator: number; readonly discriminator: number }): void {
    this.generator.setLearningRate(rates.generator);
    this.discriminator.setLearningRate(rates.discriminator);
  }

  /** Frees their state. */
  [Symbol.dispose](): void {
    this.discriminator[Symbol.dispose]();
    this.generator[Symbol.dispose]();
  }
}
