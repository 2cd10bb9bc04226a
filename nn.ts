/**
 * Neural-net layers, losses and optimizers with gradients on WebGPU, as PyTorch defines them.
 *
 * @example Train a small network
 * ```ts
 * import { assert } from "@std/assert";
 * import { openDevice } from "@x/dcgan/gpu";
 * import { Adam, Linear, mse, Network, Tanh } from "@x/dcgan/nn";
 *
 * using device = await openDevice();
 * using network = new Network(device, [new Linear(1, 8), new Tanh(), new Linear(8, 1)]);
 * using adam = new Adam(network, { learningRate: 0.01 });
 * using step = device.program({ x: [4, 1], y: [4, 1] }, ({ x, y }) => {
 *   const loss = mse(network.forward(x), y);
 *   network.backward([loss]);
 *   adam.step();
 *   return { loss };
 * });
 * for (let i = 0; i < 100; i++) step.run({ x: [0, 1, 2, 3], y: [0, 1, 4, 9] });
 * assert(await step.outputs.loss.item() > 0);
 * ```
 *
 * @module
 */
import "./src/host/on_native.ts";

export * from "./src/exports/nn.ts";
