import { printAsText } from "../../gpu/tensor/print_as_text.ts";
import type { Tensor } from "../../gpu/mod.ts";
import { prepareRun, runKernel } from "../../gpu/kernel/run_kernel.ts";
import { type Corrections, prepareCorrections } from "./bias_corrections.ts";
import { checkFlatParameters, checkOption, type FlatParameters, type Optimizer } from "./optimizer.ts";
import { RATES, type RowUpdate, rowUpdate } from "./row_update.ts";
import { formulaOf, type Rule } from "./rule.ts";
import { normOf } from "./square_sums.ts";

/** One thread. */
const ONCE = { workgroup: 1, grid: [1, 1, 1] } as const;

/** An optimizer of a row of parameters: what {@linkcode Adam}, {@linkcode Sgd} and {@linkcode RmsProp} share. */
export abstract class FlatOptimizer<Options extends object> implements Optimizer {
  static #printed = /* @__PURE__ */ printAsText(FlatOptimizer);
  readonly faults: Tensor;
  #name: string;
  #parameters: FlatParameters;
  #state: Readonly<Record<string, Tensor> & { learning_rate: Tensor }>;
  #update: (withSquares: boolean) => RowUpdate;
  #corrections: Corrections | undefined;
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
    const { corrected = [] } = formula;
    this.#rates = device.state([RATES.corrections + corrected.length]);
    const learning_rate = device.slice(this.#rates, 0, [1]);
    this.#settings = settings.length === 0
      ? undefined
      : device.slice(this.#rates, RATES.settings, [settings.length]);
    this.#settings?.set(settings);
    const corrections = prepareCorrections(parameters, formula, this.#rates);
    this.#corrections = corrections;
    this.faults = device.state([1], "u32");
    this.#state = {
      ...Object.fromEntries(keys.map(([row, key]) => [key, rows[row]!])),
      ...corrections?.state,
      learning_rate,
    };
    const declared = corrections?.declared ?? "";
    const kept = { rows, rates: this.#rates, corrections: declared, faults: this.faults };
    this.#update = (withSquares) => rowUpdate(rule, parameters, formula, kept, withSquares);
    const advance = corrections
      ? [{ ...corrections.advance, label: `${rule.name.toLowerCase()} advance`, ...ONCE }]
      : [];
    this.#launches = [...this.#update(false).runs, ...advance].map((run) => prepareRun(device, run));
    this.setLearningRate(formula.ranges.learningRate[0]);
  }

  /** Updates the parameters once. */
  step(): void {
    this.#judge();
    for (const launch of this.#launches) launch();
  }

  /** Updates the parameters once, and gives the norm of their gradients; see {@linkcode Optimizer.stepWithNorm}. */
  stepWithNorm(): Tensor {
    this.#judge();
    const { runs, squares } = this.#update(true);
    for (const run of runs) runKernel(squares!.device, run);
    const { buffers, body } = this.#corrections?.advance ?? {};
    const norm = normOf(squares!, {
      ...(buffers ? { parts: [{ buffers }] } : {}),
      ...(body ? { body } : {}),
    });
    squares!.dispose();
    return norm;
  }

  /** Finds out whether gradients of 16 bits overflowed. */
  #judge(): void {
    const { gradients, gradientScaling } = this.#parameters;
    gradientScaling?.judge(gradients);
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
