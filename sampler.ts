/**
 * Draws pictures of a trained generator, and does nothing else: for pages and programs that show what a run has
 * learned. A bundle of it is less than 60 KB, packed. It needs WebGPU and no files: the generator is given as bytes.
 *
 * @example Draw a picture of a file
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice, train } from "@x/dcgan";
 * import { loadSampler } from "@x/dcgan/sampler";
 *
 * using device = await openDevice();
 * const run = await Deno.makeTempDir();
 * const tiny = { data: "faces", size: 16, ngf: 8, ndf: 8, batch: 8, steps: 1, scoreEvery: 0 } as const;
 * await Array.fromAsync(train(device, { ...tiny, out: run }));
 *
 * using sampler = await loadSampler(
 *   device,
 *   await Deno.readFile(`${run}/checkpoints/step-000001/generator.safetensors`),
 * );
 * const [picture] = await sampler.draw({ seed: 7 });
 * const png = await picture!.png();
 * assertEquals([picture!.width, png[1]], [16, "P".charCodeAt(0)]);
 * ```
 *
 * @module
 */
import "./src/host/on_plain.ts";

export { type Device, openDevice } from "./src/gpu/mod.ts";
export {
  type DrawPicturesOptions,
  loadSampler,
  type LoadSamplerOptions,
  Sampler,
} from "./src/dcgan/sampler/sampler.ts";
export { DrawnPicture } from "./src/dcgan/sampler/drawn_picture.ts";
export { NonFiniteSamplesError } from "./src/dcgan/sampling/generate.ts";
export { type ImageSize } from "./src/pictures/image_size.ts";
export { type LatentDistribution } from "./src/dcgan/networks/latent.ts";
