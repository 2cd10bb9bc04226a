/**
 * DCGAN (Radford, Metz and Chintala 2015) on Deno's built-in WebGPU: training, sampling, and the parts that they are
 * made of. Tensors are in `@x/dcgan/gpu`, layers and optimizers in `@x/dcgan/nn`, datasets in `@x/dcgan/datasets`.
 *
 * @example Train on the embedded faces, then draw from the generator
 * ```ts
 * import { openDevice, sample, train } from "@x/dcgan";
 *
 * using device = await openDevice();
 * const out = await Deno.makeTempDir();
 * for await (const event of train(device, { data: "faces", size: 16, ngf: 8, ndf: 8, batch: 8, steps: 5, out })) {
 *   if (event.type === "metrics") console.log(event.step, event.generatorLoss, event.discriminatorLossReal);
 * }
 * await sample(device, out, { count: 16, seed: 7, out: `${out}/faces.png` });
 * ```
 *
 * @module
 */
export { type Device, openDevice } from "./src/gpu/mod.ts";
export * from "./src/dcgan/mod.ts";
