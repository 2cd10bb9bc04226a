import type { FloatType } from "../../kernel/float_memory.ts";
import { loopIterations } from "../../kernel/iterations.ts";
import { linearGrid } from "../../kernel/kernel.ts";
import { each, read, runKernel, u32, write } from "../../kernel/run_kernel.ts";
import { expectKnownOptions } from "../../tensor/known_options.ts";
import { keyOf, PHILOX_ITERATIONS, PHILOX_WGSL, type RandomKey, word } from "../../random/philox.ts";
import { formatShape } from "../../tensor/shape.ts";
import { advance } from "../record_scalars.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import {
  type Shuffle,
  SHUFFLE_ITERATIONS,
  SHUFFLE_WGSL,
  SHUFFLED_PICTURE,
  shuffleUniforms,
} from "./shuffled_place.ts";

/** Which pictures a batch takes, and how. */
export interface GatherImagesOptions {
  /**
   * Takes batches of this many pictures out of shuffled passes that follow each other without a gap: the picture at
   * position `p` of step `s` is `permuted(n % length, length, { seed, epoch: floor(n / length) })` with
   * `n = s * batch + p`. Without it a batch is all of the pictures, in order.
   */
  shuffle?: Shuffle;
  /**
   * Mirrors a picture left to right if the lowest bit of `randomBits(seed, stream, step, position)` is set. Without
   * it none.
   */
  flip?: RandomKey;
  /**
   * In a program: take the same batch in each run, as long as nothing changes the counter. Without it, the counter is
   * advanced at the end of each run, unless the program changes it itself, if pictures are shuffled or mirrored.
   *
   * @default {false}
   */
  repeat?: boolean;
  /**
   * Floats of the batch.
   *
   * @default {"f32"}
   */
  dtype?: FloatType;
}

/** Threads of a workgroup. */
const WORKGROUP = 64;
/** Groups of four bytes that a thread takes: finding the picture costs as much as converting many of them. */
const QUADS_A_THREAD = 8;

/**
 * A training batch from pictures that are on the GPU as bytes, from -1 (black) to 1 (white) as `normalizeImages`
 * makes them, in one launch. Which pictures, and which of them are mirrored, follows from the step alone, which is read
 * from a counter when it runs: a program needs no upload, and any step can be the first.
 *
 * @param images `[length, height, width, channels]`, u8.
 * @param counter The step: u32 `[1]`.
 * @returns `[batch, height, width, channels]`, f32 or the requested type.
 * @throws {TypeError} if the images are not u8 or the counter is not u32.
 * @throws {RangeError} if the images have not four axes, or the bytes of one are no multiple of 4.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { gatherImages, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const images = device.tensor(new Uint8Array(10 * 16), { dtype: "u8", shape: [10, 4, 4, 1] });
 * const step = device.state([1], "u32");
 * const batch = gatherImages(images, step, { shuffle: { batch: 3, seed: 1 } });
 * assertEquals(batch.shape, [3, 4, 4, 1]);
 * ```
 */
export function gatherImages(images: Tensor, counter: Tensor, options: GatherImagesOptions = {}): Tensor {
  expectKnownOptions("gatherImages()", options, { shuffle: true, flip: true, repeat: true, dtype: true });
  const { shuffle, flip, repeat = false, dtype = "f32" } = options;
  checkImages(images, counter);
  const [length, height, width, channels] = images.shape as [number, number, number, number];
  const batch = shuffle?.batch ?? length;
  const words = height * width * channels / 4;
  const groups = Math.ceil(words / (WORKGROUP * QUADS_A_THREAD));
  const [flip_low, flip_high] = keyOf(flip?.seed ?? 0);
  if ((shuffle || flip) && !repeat) images.device.drawsBy(counter, () => advance(counter));
  const output = images.device.empty([batch, height, width, channels], dtype);
  const target = write(output, "vec4f");
  runKernel(images.device, {
    label: "gather images",
    buffers: {
      images: read(images, "array<u32>"),
      counter: read(counter, "array<u32>"),
      output: target,
    },
    uniforms: {
      ...each(u32, { batch, words, groups }),
      ...(shuffle ? shuffleUniforms(length, shuffle.seed) : {}),
      ...(flip
        ? each(u32, {
          row: width * channels,
          channels,
          stream: word("stream", flip.stream ?? 0),
          flip_low,
          flip_high,
        })
        : {}),
    },
    grid: linearGrid(batch * groups * WORKGROUP, WORKGROUP),
    declarations: [
      ...(shuffle || flip ? [PHILOX_WGSL] : []),
      ...(shuffle ? SHUFFLE_WGSL : []),
      ...(flip ? [FLIP_WGSL] : []),
    ].join("\n"),
    workgroup: WORKGROUP,
    iterations: (shuffle ? SHUFFLE_ITERATIONS : 0) + (flip ? PHILOX_ITERATIONS : 0) +
      loopIterations(Math.ceil(words / (groups * WORKGROUP))),
    body: `  let unit = group.y * groups.x + group.x;
  let position = unit / params.groups;
  if (position >= params.batch) { return; }
  let step = counter[0];
  ${shuffle ? SHUFFLED_PICTURE : "let picture = position;"}
  let base = picture * params.words;
  ${flip ? MIRRORED : ""}
  let first = (unit % params.groups) * ${WORKGROUP}u + thread;
  for (var quad = first; quad < params.words; quad += params.groups * ${WORKGROUP}u) {
    var four = (vec4u(images[base + quad]) >> vec4u(0u, 8u, 16u, 24u)) & vec4u(255u);
    ${flip ? "if (mirrored) { four = mirror(base, quad * 4u); }" : ""}
    output[position * params.words + quad] = ${target.store(`vec4f(vec4i(four) * 2 - 255) * ${1 / 255}`)};
  }`,
  });
  return output;
}

const MIRRORED =
  `var bits = philox(vec4u(position / 4u, step, params.stream, 0u), vec2u(params.flip_low, params.flip_high));
  let mirrored = (bits[position % 4u] & 1u) == 1u;`;

/** Four neighboring bytes of a picture that is mirrored, from its word `base` on. */
const FLIP_WGSL = `fn mirrored_byte(base: u32, at: u32) -> u32 {
  let across = at % params.row;
  let channel = across % params.channels;
  let source = at - across + params.row - params.channels - (across - channel) + channel;
  return (images[base + source / 4u] >> (source % 4u * 8u)) & 255u;
}
fn mirror(base: u32, at: u32) -> vec4u {
  return vec4u(mirrored_byte(base, at), mirrored_byte(base, at + 1u), mirrored_byte(base, at + 2u),
    mirrored_byte(base, at + 3u));
}`;

function checkImages(images: Tensor, counter: Tensor): void {
  if (images.dtype !== "u8") {
    throw new TypeError(`gatherImages() needs images of u8, found ${images.dtype}`);
  }
  if (counter.dtype !== "u32" || counter.size !== 1) {
    throw new TypeError(
      `gatherImages() needs a counter of one u32, found a tensor of type ${counter.dtype} and shape ${
        formatShape(counter.shape)
      }`,
    );
  }
  const [length = 0] = images.shape;
  if (images.rank !== 4 || images.size / length % 4 !== 0) {
    throw new RangeError(
      "gatherImages() needs images [length, height, width, channels] of a multiple of 4 bytes each, " +
        `found shape ${formatShape(images.shape)}`,
    );
  }
}
