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

/** A layer without parameters that works on each element, and that the layer before it may take over. */
export abstract class Activation extends Module {
  /** How a batch norm applies it in its own kernels; undefined where it does not. */
  readonly fused: FusedActivation | undefined = undefined;

  /** How a convolution applies it in its own kernel; undefined where it does not. */
  get epilogue(): EpilogueActivation | undefined {
    return this.fused;
  }
}

/** `max(x, 0)`. */
export class Relu extends Activation {
  /** Fuses with a batch norm before it. */
  override readonly fused: FusedActivation = { type: "relu" };

  /** The output for an input of any shape. */
  override forward(x: Tensor): Tensor {
    return relu(x);
  }
}

/** `x` where positive, `slope * x` elsewhere. The DCGAN paper uses a slope of 0.2. */
export class LeakyRelu extends Activation {
  /** Fuses with a batch norm before it. */
  override readonly fused: FusedActivation;
  #slope: number;

  /** With PyTorch's default slope of 0.01. */
  constructor(slope = 0.01) {
    super();
    this.#slope = slope;
    this.fused = { type: "leaky_relu", slope };
  }

  /** A convolution before it takes it over, unless the slope is negative: its result must have the sign of its input. */
  override get epilogue(): EpilogueActivation | undefined {
    return this.#slope < 0 ? undefined : this.fused;
  }

  /** The output for an input of any shape. */
  override forward(x: Tensor): Tensor {
    return leakyRelu(x, this.#slope);
  }
}

/** Hyperbolic tangent. */
export class Tanh extends Activation {
  /** A convolution before it takes it over. */
  override get epilogue(): EpilogueActivation {
    return { type: "tanh" };
  }

  /** The output for an input of any shape. */
  override forward(x: Tensor): Tensor {
    return tanh(x);
  }
}

/** `1 / (1 + exp(-x))`. */
export class Sigmoid extends Activation {
  /** The output for an input of any shape. */
  override forward(x: Tensor): Tensor {
    return sigmoid(x);
  }
}
