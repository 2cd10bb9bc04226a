/**
 * Neural-net layers, losses and optimizers with gradients on WebGPU, as PyTorch defines them.
 *
 * @example Train a small network
 * ```ts
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
 * console.log(await step.outputs.loss.item());
 * ```
 *
 * @module
 */
export { bce, bceWithLogits, hingeDiscriminator, hingeGenerator, meanSigmoid, mse } from "./losses/losses.ts";
export { crossEntropy } from "./losses/cross_entropy.ts";
export * from "./losses/logistic_scores.ts";
export * from "../files/atomic_write.ts";
export { F16_GRADIENT_SCALE, GradientScaling, SCALING } from "./gradient_scaling.ts";
export * from "../gpu/autograd/gradients.ts";
export * from "./weights/initializers.ts";
export * from "./layers/activations.ts";
export * from "./layers/batch_norm.ts";
export * from "./layers/convolutions.ts";
export * from "./layers/linear.ts";
export * from "./layers/sequential.ts";
export * from "./layers/shapes.ts";
export * from "./weights/layout.ts";
export * from "./module.ts";
export * from "./network.ts";
export { withoutPrefix } from "./weights/name_prefix.ts";
export * from "../files/npy.ts";
export * from "./optimizers/adam.ts";
export * from "./optimizers/optimizer.ts";
export * from "./optimizers/rmsprop.ts";
export { FAULTS } from "./optimizers/row_update.ts";
export * from "./optimizers/sgd.ts";
export * from "../files/safetensors.ts";
export * from "./weights/state_dict.ts";
export { watchStatistics } from "./watch_statistics.ts";
