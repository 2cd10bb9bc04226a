import type { Tensor } from "../../gpu/mod.ts";
import { type ForwardContext, Module } from "../module.ts";
import type { Piece } from "../penalties/piece.ts";
import { Activation } from "./activations.ts";
import { BatchNorm2d } from "./batch_norm.ts";
import { ConvolutionLayer } from "./convolution_layer.ts";
import { Conv2d } from "./convolutions.ts";
import { UpsampleNearest } from "./shapes.ts";

/**
 * Modules one after another, as `torch.nn.Sequential`: `y = last(... second(first(x)))`. The input has the shape that
 * the first module takes, and the output the shape that the last one gives. Modules are named by position, or by the
 * keys given. A batch norm or a convolution fuses an activation that follows it into its own kernels, and a convolution
 * also fuses the upsampling before it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice } from "@x/dcgan/gpu";
 * import { Conv2d, LeakyRelu, Network, Sequential } from "@x/dcgan/nn";
 *
 * using device = await openDevice();
 * const layers = new Sequential({ conv: new Conv2d(3, 8, { kernel: 3, padding: 1 }), activation: new LeakyRelu(0.2) });
 * using network = new Network(device, layers);
 * const x = device.tensor(new Float32Array(192), { shape: [1, 8, 8, 3] });
 * assertEquals(network.forward(x).shape, [1, 8, 8, 8]);
 * assertEquals([...network.parameters.keys()], ["conv.weight", "conv.bias"]);
 * ```
 */
export class Sequential extends Module {
  #modules: Readonly<Record<string, Module>>;

  /** From modules in order. */
  constructor(modules: readonly Module[] | Readonly<Record<string, Module>>) {
    super();
    this.#modules = { ...modules } as Record<string, Module>;
  }

  /** The modules. */
  override children(): Readonly<Record<string, Module>> {
    return this.#modules;
  }

  /** The pieces of all modules. */
  override pieces(name: string): readonly Piece[] {
    const start = name === "" ? "" : `${name}.`;
    return Object.entries(this.#modules).flatMap(([key, module]) => module.pieces(start + key));
  }

  /** The output of the last module. */
  override forward(x: Tensor, context: ForwardContext): Tensor {
    const modules = Object.values(this.#modules);
    let y = x;
    for (let position = 0; position < modules.length; position++) {
      const module = modules[position]!;
      const next = modules[position + 1];
      const activation = activationOf(next);
      if (module instanceof UpsampleNearest && next instanceof Conv2d) {
        const following = activationOf(modules[position + 2])?.epilogue;
        y = next.forward(y, context, following, module.scale);
        position += following ? 2 : 1;
      } else if (module instanceof BatchNorm2d && activation?.fused) {
        y = module.forward(y, context, activation.fused);
        position++;
      } else if (module instanceof ConvolutionLayer && activation?.epilogue) {
        y = module.forward(y, context, activation.epilogue);
        position++;
      } else {
        y = module.forward(y, context);
      }
    }
    return y;
  }
}

function activationOf(module: Module | undefined): Activation | undefined {
  return module instanceof Activation ? module : undefined;
}
