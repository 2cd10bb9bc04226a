import { printAsText } from "../../gpu/tensor/print_as_text.ts";
import type { Tensor } from "../../gpu/mod.ts";
import { prepareCorrections } from "./bias_corrections.ts";
import { checkFlatParameters, checkOption, type FlatParameters, type Optimizer } from "./optimizer.ts";
import { prepareUpdate, SETTINGS_AT } from "./row_update.ts";
import { formulaOf, type Rule } from "./rule.ts";

/** An optimizer of a row of parameters: what {@linkcode Adam}, {@linkcode Sgd} and {@linkcode RmsProp} share. */
export abstract class FlatOptimizer<Options extends object> implements Optimizer {
  readonly faults: Tensor;
  #name: string;
  #parameters: FlatParameters;
  #state: Readonly<Record<string, Tensor> & { learning_rate: Tensor }>;
  #launches: readonly (() => void)[];
  /** The learning rate, and behind it what else may change from step to step. */
  #rates: Tensor;
  #settings: Tensor | undefined;

  /** By a rule, with fresh state. */
  protected constructor(rule: Rule<Options>, parameters: FlatParameters, options: Options) {
    const formula = formulaOf(rule, options);
    checkFlatParameters(parameters);
    for (const [option, [value, range]] of Object.entries(formula.ranges)) checkOption(option, value, range);
    const { device, shape } = parameters.values;
    this.#name = rule.name;
    this.#parameters = parameters;
    const keys = Object.entries(formula.rows);
    const rows = Object.fromEntries(keys.map(([row]) => [row, device.state(shape)]));
    const settings = Object.values(formula.settings ?? {});
    this.#rates = device.state([settings.length === 0 ? 1 : SETTINGS_AT + settings.length]);
    const learning_rate = device.slice(this.#rates, 0, [1]);
    this.#settings = settings.length === 0
      ? undefined
      : device.slice(this.#rates, SETTINGS_AT, [settings.length]);
    this.#settings?.set(settings);
    const averages = prepareCorrections(rule, parameters, formula, this.#rates);
    this.faults = device.state([1], "u32");
    this.#state = {
      ...Object.fromEntries(keys.map(([row, key]) => [key, rows[row]!])),
      ...averages?.state,
      learning_rate,
    };
    const small = {
      learning_rate: this.#rates,
      ...(averages ? { corrections: averages.state.bias_corrections } : {}),
    };
    this.#launches = [
      ...(averages ? [averages.advance] : []),
      ...prepareUpdate(rule, parameters, formula, { rows, small, faults: this.faults }),
    ];
    this.setLearningRate(formula.ranges.learningRate[0]);
  }

  /** Updates the parameters once. */
  step(): void {
    const { gradients, gradientScaling } = this.#parameters;
    gradientScaling?.judge(gradients);
    for (const launch of this.#launches) launch();
  }

  /** Changes the learning rate from the next step on. */
  setLearningRate(learningRate: number): void {
    checkOption("learningRate", learningRate);
    this.#state.learning_rate.set([learningRate]);
  }

  /** Changes all settings of its formula, in order, from the next step on. */
  protected changeSettings(settings: Readonly<Record<string, number>>): void {
    this.#settings!.set(Object.values(settings));
  }

  /** Its state from step to step, by PyTorch's names if PyTorch has them. */
  state(): Readonly<Record<string, Tensor>> {
    return { ...this.#state };
  }

  /** Frees its state. */
  [Symbol.dispose](): void {
    for (const tensor of [...Object.values(this.#state), this.#settings, this.#rates, this.faults]) {
      tensor?.dispose();
    }
  }

  /** What it is, in short: `Adam of 2723 values on llvmpipe`. */
  toString(): string {
    const { size, device } = this.#parameters.values;
    return `${this.#name} of ${size} values${
      this.faults.disposed ? ", disposed" : ` on ${device.adapter.name}`
    }`;
  }
}

printAsText(FlatOptimizer);
