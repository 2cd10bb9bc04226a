import { expectKnownOptions, maxPool2d, type Tensor, type WindowOptions } from "../../gpu/mod.ts";
import { Module } from "../module.ts";

/** Options of {@linkcode MaxPool2d}. */
export type PoolLayerOptions = WindowOptions;

/**
 * The largest number of each window, as `torch.nn.MaxPool2d`, from `[batch, height, width, channels]` to
 * `[batch, out height, out width, channels]` with
 * `out height = floor((height + 2 * padding - kernel) / stride) + 1`, and so for the width; see `maxPool2d()` of
 * `@x/dcgan/gpu`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice } from "@x/dcgan/gpu";
 * import { MaxPool2d, Network } from "@x/dcgan/nn";
 *
 * using device = await openDevice();
 * using network = new Network(device, [new MaxPool2d({ kernel: 2 })]);
 * const x = device.tensor(new Float32Array(192), { shape: [1, 8, 8, 3] });
 * assertEquals(network.forward(x).shape, [1, 4, 4, 3]);
 * ```
 */
export class MaxPool2d extends Module {
  #options: PoolLayerOptions;

  /**
   * With windows of a size.
   *
   * @throws {TypeError} if there is no such option.
   */
  constructor(options: PoolLayerOptions) {
    super();
    expectKnownOptions("MaxPool2d", options, { kernel: true, stride: true, padding: true });
    this.#options = options;
  }

  /** `[batch, out height, out width, channels]`. */
  override forward(x: Tensor): Tensor {
    return maxPool2d(x, this.#options);
  }
}
