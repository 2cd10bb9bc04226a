import type { Tensor } from "../gpu/mod.ts";
import type { ForwardContext } from "./module.ts";

/**
 * The input of a name that a module takes besides `x`.
 *
 * @throws {TypeError} if the pass has none of that name.
 *
 * @example A module with two inputs
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { add, openDevice, type Tensor } from "@x/dcgan/gpu";
 * import { type ForwardContext, inputOf, Module, Network } from "@x/dcgan/nn";
 *
 * class AddNoise extends Module {
 *   override forward(x: Tensor, context: ForwardContext): Tensor {
 *     return add(x, inputOf(context, "noise"));
 *   }
 * }
 *
 * using device = await openDevice();
 * using network = new Network(device, [new AddNoise()]);
 * const y = network.forward(device.tensor([1, 2]), { inputs: { noise: device.tensor([10, 20]) } });
 * assertEquals([...await y.data()], [11, 22]);
 * ```
 */
export function inputOf({ inputs = {} }: Pick<ForwardContext, "inputs">, name: string): Tensor {
  const found = inputs[name];
  if (found) return found;
  const names = Object.keys(inputs).filter((other) => inputs[other]);
  throw new TypeError(
    `A module of this network needs the input '${name}', found ${
      names.length === 0 ? "none besides x" : names.join(", ")
    }. Call Network.forward(x, { inputs: { ${name} } })`,
  );
}
