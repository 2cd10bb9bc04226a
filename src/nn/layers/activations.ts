import {
  type EpilogueActivation,
  type FusedActivation,
  leakyRelu,
  relu,
  sigmoid,
  tanh,
  type Tensor,
} from "../../gpu/mod.ts";
import { Module } from "../module.ts";
import type { Piece } from "../penalties/piece.ts";

/** A layer without parameters that works on each element, and that the layer before it may fuse. */
export abstract class Activation extends Module {
  /** How a batch norm applies it in its own kernels; undefined if it does not. */
  readonly fused: FusedActivation | undefined = undefined;

  /** How a convolution applies it in its own kernel; undefined if it does not. */
  get epilogue(): EpilogueActivation | undefined {
    return this.fused;
  }
}

/**
 * `y = max(x, 0)`, as `torch.nn.ReLU`. The output has the shape of the input, which may be any.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice } from "@x/dcgan/gpu";
 * import { Network, Relu } from "@x/dcgan/nn";
 *
 * using device = await openDevice();
 * using network = new Network(device, [new Relu()]);
 * const y = network.forward(device.tensor([-2, 0, 3]));
 * assertEquals(Array.from(await y.data(), (value) => Math.round(value * 100) / 100), [0, 0, 3]);
 * ```
 */
export class Relu extends Activation {
  /** Fuses with a batch norm before it. */
  override readonly fused: FusedActivation = { type: "relu" };

  /** Itself. */
  override pieces(): readonly Piece[] {
    return [this.fused];
  }

  /** The output for an input of any shape. */
  override forward(x: Tensor): Tensor {
    return relu(x);
  }
}

/**
 * `y = x` if `x > 0`, else `slope * x`, as `torch.nn.LeakyReLU`. The output has the shape of the input, which may be
 * any. The DCGAN paper uses a slope of 0.2.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice } from "@x/dcgan/gpu";
 * import { LeakyRelu, Network } from "@x/dcgan/nn";
 *
 * using device = await openDevice();
 * using network = new Network(device, [new LeakyRelu(0.25)]);
 * const y = network.forward(device.tensor([-2, 0, 3]));
 * assertEquals(Array.from(await y.data(), (value) => Math.round(value * 100) / 100), [-0.5, 0, 3]);
 * ```
 */
export class LeakyRelu extends Activation {
  /** Fuses with a batch norm before it. */
  override readonly fused: FusedActivation;
  /** What negative inputs are multiplied with. */
  readonly slope: number;

  /** With PyTorch's default slope of 0.01. */
  constructor(slope = 0.01) {
    super();
    this.slope = slope;
    this.fused = { type: "leaky_relu", slope };
  }

  /**
   * A convolution before it fuses it, unless the slope is negative: its result must have the sign of its input.
   */
  override get epilogue(): EpilogueActivation | undefined {
    return this.slope < 0 ? undefined : this.fused;
  }

  /** Itself. */
  override pieces(): readonly Piece[] {
    return [this.fused];
  }

  /** The output for an input of any shape. */
  override forward(x: Tensor): Tensor {
    return leakyRelu(x, this.slope);
  }
}

/**
 * `y = (exp(x) - exp(-x)) / (exp(x) + exp(-x))`, as `torch.nn.Tanh`. The output has the shape of the input, which may
 * be any.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice } from "@x/dcgan/gpu";
 * import { Network, Tanh } from "@x/dcgan/nn";
 *
 * using device = await openDevice();
 * using network = new Network(device, [new Tanh()]);
 * const y = network.forward(device.tensor([-1, 0, 1]));
 * assertEquals(Array.from(await y.data(), (value) => Math.round(value * 100) / 100), [-0.76, 0, 0.76]);
 * ```
 */
export class Tanh extends Activation {
  /** A convolution before it fuses it. */
  override get epilogue(): EpilogueActivation {
    return { type: "tanh" };
  }

  /** The output for an input of any shape. */
  override forward(x: Tensor): Tensor {
    return tanh(x);
  }
}

/**
 * `y = 1 / (1 + exp(-x))`, as `torch.nn.Sigmoid`. The output has the shape of the input, which may be any.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice } from "@x/dcgan/gpu";
 * import { Network, Sigmoid } from "@x/dcgan/nn";
 *
 * using device = await openDevice();
 * using network = new Network(device, [new Sigmoid()]);
 * const y = network.forward(device.tensor([-1, 0, 1]));
 * assertEquals(Array.from(await y.data(), (value) => Math.round(value * 100) / 100), [0.27, 0.5, 0.73]);
 * ```
 */
export class Sigmoid extends Activation {
  /** The output for an input of any shape. */
  override forward(x: Tensor): Tensor {
    return sigmoid(x);
  }
}
