import { advance, dropout, expectKnownOptions, type Tensor } from "../../gpu/mod.ts";
import { checkRate } from "../../gpu/ops/dropout.ts";
import { type ForwardContext, Module, type ModuleRandom, Statistic } from "../module.ts";

/** Options of {@linkcode Dropout}. */
export interface DropoutLayerOptions {
  /**
   * Probability that an element becomes 0, from 0 to below 1.
   *
   * @default {0.5}
   */
  rate?: number;
}

/**
 * Sets elements to 0 at random in training and divides the others by `1 - rate`, as `torch.nn.Dropout`; in evaluation it
 * changes nothing. Input and output have any one shape.
 *
 * Random numbers follow from the network's seed and stream, the place of the layer, and the statistic `draws` (`[1]`), which
 * counts its passes in training. The state dict has it, so that a loaded network continues exactly. PyTorch has no such
 * tensor, and it may be missing in a state dict that is loaded.
 *
 * @example
 * ```ts
 * import { assert, assertEquals } from "@std/assert";
 * import { openDevice } from "@x/dcgan/gpu";
 * import { Dropout, Network } from "@x/dcgan/nn";
 *
 * using device = await openDevice();
 * using network = new Network(device, [new Dropout({ rate: 0.25 })]);
 * const x = device.tensor([3, 3, 3, 3]);
 * assert((await network.forward(x).data()).every((value) => value === 0 || value === 4));
 * assertEquals([...await network.forward(x, { training: false }).data()], [3, 3, 3, 3]);
 * ```
 */
export class Dropout extends Module {
  #rate: number;
  #draws = new Statistic([1], "u32", 0);
  #random: ModuleRandom | undefined;

  /**
   * With a rate.
   *
   * @throws {RangeError} if the rate is not from 0 to below 1.
   * @throws {TypeError} if there is no such option.
   */
  constructor(options: DropoutLayerOptions = {}) {
    super();
    expectKnownOptions<DropoutLayerOptions>("Dropout", options, { rate: true });
    const { rate = 0.5 } = options;
    checkRate("Dropout", rate);
    this.#rate = rate;
  }

  /** `draws`. */
  override statistics(): Record<string, Statistic> {
    return { draws: this.#draws };
  }

  /** It counts its passes. */
  override get changesInPasses(): boolean {
    return true;
  }

  /** Takes its stream of random numbers. */
  override start(random: ModuleRandom): void {
    this.#random = random;
  }

  /** As many elements as `x` has. */
  override forward(x: Tensor, { training }: ForwardContext): Tensor {
    if (!training || this.#rate === 0) return x;
    const counter = this.#draws.tensor;
    const y = dropout(x, { rate: this.#rate, ...this.#random!, counter });
    // The next pass draws anew, also in the same program
    advance(counter);
    return y;
  }
}
