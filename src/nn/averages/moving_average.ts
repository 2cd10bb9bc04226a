import { printAsText } from "../../gpu/tensor/print_as_text.ts";
import { expectKnownOptions, map, type Tensor } from "../../gpu/mod.ts";
import type { Module } from "../module.ts";
import { Network } from "../network.ts";
import { sliceRow } from "../weights/row_slices.ts";
import { type Averaging, type AveragingRule, prepareAveraging } from "./averaging.ts";
import { powerOfLength } from "./power_function.ts";

/** Options of {@linkcode MovingAverage}. */
export interface MovingAverageOptions {
  /**
   * The share of the average that each update keeps. Early updates keep less; see {@linkcode MovingAverage}.
   *
   * @default {0.999, or none with a length}
   */
  decay?: number;
  /**
   * In place of a decay: the relative length of a power-function average, above 0 and up to 0.2886. It covers the last
   * steps of however many there are: its standard deviation in steps is this share of all.
   */
  length?: number;
}

/**
 * An exponential moving average of a network's weights, as a network of its own:
 *
 * ```text
 * d = min(decay, (1 + t) / (10 + t))        t = 1, 2, ... counts updates
 * average = d * average + (1 - d) * weights
 * ```
 *
 * With a `length` it is a power-function average (Karras et al. 2024, arXiv:2312.02696, section 3.1), of which
 * `postHocAverage()` can build those of other lengths:
 *
 * ```text
 * d = (1 - 1 / t)^(gamma + 1)               length = sqrt(gamma + 1) / ((gamma + 2) * sqrt(gamma + 3))
 * ```
 *
 * It starts as a copy. Statistics, such as those of batch norms, are shared with the network, not averaged. Samples of
 * an averaged generator vary less from step to step and are usually better (Yazıcı et al. 2019).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice } from "@x/dcgan/gpu";
 * import { Linear, MovingAverage, Network } from "@x/dcgan/nn";
 *
 * using device = await openDevice();
 * using network = new Network(device, new Linear(2, 1));
 * using average = new MovingAverage(network, new Linear(2, 1), { decay: 0.5 });
 * const before = await average.network.values.data();
 * network.values.set(before.map((value) => value + 11));
 * average.update();
 * // The first update keeps 2 / 11
 * const after = await average.network.values.data();
 * assertEquals(Math.round(after[0]! - before[0]!), 9);
 * ```
 */
export class MovingAverage implements Disposable {
  static #printed = /* @__PURE__ */ printAsText(MovingAverage);
  /** The layers with the averaged weights. */
  readonly network: Network;
  #averaging: Averaging;
  #owned: DisposableStack;

  /**
   * The average of a network, which is a copy of it at first.
   *
   * @param module New layers of the same kinds.
   * @throws {RangeError} if the layers have other parameters, the decay is not from 0 to below 1, or the length is not
   * above 0 and up to 0.2886.
   * @throws {TypeError} if there is no such option, or both a decay and a length.
   */
  constructor(source: Network, module: Module | readonly Module[], options: MovingAverageOptions = {}) {
    expectKnownOptions<MovingAverageOptions>("MovingAverage", options, { decay: true, length: true });
    const rule = ruleOf(options);
    using owned = new DisposableStack();
    this.network = owned.use(new Network(source.values.device, module, { precision: source.precision }));
    expectSame(source, this.network);
    for (const [name, statistic] of this.network.statistics) {
      statistic.tensor.dispose();
      statistic.place(source.statistics.get(name)!.tensor.detach());
    }
    const copies = sliceRow(this.network.values);
    for (const [part, values] of sliceRow(source.values).entries()) {
      map("copy weights", { values }, "values", { into: copies[part]! });
    }
    this.#averaging = owned.use(prepareAveraging(source.values, this.network.values, rule));
    this.#owned = owned.move();
  }

  /** Takes the weights as they are now into the average. Call it after the optimizer's step. */
  update(): void {
    this.#averaging.update();
  }

  /**
   * Changes the decay from the next update on, also of programs that were recorded before. It is not part of
   * {@linkcode state}.
   *
   * @throws {RangeError} if it is not from 0 to below 1.
   * @throws {TypeError} if the average has a length in place of a decay.
   */
  setDecay(decay: number): void {
    checkDecay(decay);
    if (!this.#averaging.setDecay) {
      throw new TypeError("Cannot change the decay of a moving average that has a length in place of one");
    }
    this.#averaging.setDecay(decay);
  }

  /** What the next update depends on besides the averaged weights: `steps` (`[1]`, u32), the updates so far. */
  state(): Readonly<Record<string, Tensor>> {
    return { steps: this.#averaging.steps };
  }

  /** Frees the averaged network. */
  [Symbol.dispose](): void {
    this.#owned.dispose();
  }

  /** What it is, in short: `MovingAverage of Network of 2723 parameters, f32, on llvmpipe`. */
  toString(): string {
    return `MovingAverage of ${this.network}`;
  }
}

function ruleOf({ decay, length }: MovingAverageOptions): AveragingRule {
  if (length === undefined) {
    const rule = { decay: decay ?? 0.999 };
    checkDecay(rule.decay);
    return rule;
  }
  if (decay !== undefined) {
    throw new TypeError(`A moving average takes a decay or a length, found both: ${decay} and ${length}`);
  }
  powerOfLength(length);
  return { length };
}

function checkDecay(decay: number): void {
  if (decay >= 0 && decay < 1) return;
  throw new RangeError(`The decay of a moving average must be at least 0 and below 1, found ${decay}`);
}

/** Throws if two networks do not have the same parameters and statistics. */
function expectSame(source: Network, other: Network): void {
  for (const kind of ["parameters", "statistics"] as const) {
    const [wanted, found] = [source[kind], other[kind]].map((all) =>
      [...all].map(([name, { shape }]) => `${name} [${shape}]`)
    );
    const differs = wanted!.length !== found!.length || wanted!.some((one, i) => one !== found![i]);
    if (!differs) continue;
    throw new RangeError(
      `Cannot average this network: the layers must have its ${kind}, ${wanted!.join(", ") || "none"}, ` +
        `found ${found!.join(", ") || "none"}`,
    );
  }
}
