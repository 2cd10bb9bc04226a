import type { Device } from "../../device/device.ts";
import { linearGrid } from "../../kernel/kernel.ts";
import { each, f32, read, runKernel, u32, write } from "../../kernel/run_kernel.ts";
import { counterOf, type RecordedDraw } from "../../random/draw.ts";
import { keyOf, PHILOX_ITERATIONS, PHILOX_WGSL, type RandomKey, word } from "../../random/philox.ts";
import { expectKnownOptions } from "../../tensor/known_options.ts";
import { formatShape } from "../../tensor/shape.ts";
import { Tensor } from "../../tensor/tensor.ts";
import {
  AUGMENTATION_KINDS,
  AUGMENTATION_PARAMETERS,
  type AugmentationKind,
  checkKinds,
  PARAMETER_COLUMNS,
  pixelsOf,
  SHARES,
} from "./kinds.ts";

/** Options of {@linkcode drawAugmentation}. */
export interface DrawAugmentationOptions extends RandomKey, RecordedDraw {
  /** Rows and columns of an image: how far it moves, and where it is cut, follows from them. */
  size: readonly [height: number, width: number];
  /**
   * What is drawn. The parameters of other kinds are those that change nothing.
   *
   * @default {all}
   */
  kinds?: readonly AugmentationKind[];
  /**
   * With which probability each transformation is applied to each image: a number from 0 to 1, or an f32 tensor `[1]`
   * that may change between runs of a program. Brightness, saturation and contrast are applied or not each by itself.
   *
   * @default {1}
   */
  probability?: number | Tensor;
}

/** Words of random bits for each image, in blocks of four. */
const BLOCKS = 4;

/**
 * Random parameters for {@linkcode augmentImages}, `[count, 8]`, as DiffAugment draws them: `brightness` from -0.5 to
 * 0.5, `saturation` from 0 to 2, `contrast` from 0.5 to 1.5, shifts of up to 1/8 of an edge, the center of a square of
 * half an edge anywhere in the image. An image is flipped with half of the probability, as in ADA.
 *
 * Row `n` follows from `randomBits(seed, stream, counter, 16 n + k)` alone: column `k` takes word `k`, and words 8 to 13
 * decide whether brightness, saturation, contrast, the flip, translation and cutout are applied. In a program, each run
 * draws fresh ones; see `randomUniform`.
 *
 * @throws {RangeError} if the count, a size, a kind, the probability or one of the numbers of a draw is out of its range.
 * @throws {TypeError} if the counter is a tensor, but not u32, or the probability is one, but not f32.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { augmentImages, drawAugmentation, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const images = device.tensor(new Float32Array(2 * 8 * 8).fill(1), { shape: [2, 8, 8, 1] });
 * const kinds = ["translation", "cutout"] as const;
 * const parameters = drawAugmentation(device, 2, { size: [8, 8], kinds, seed: 1 });
 * const augmented = await augmentImages(images, parameters, { kinds }).data();
 * assert(augmented.some((value) => value === 0) && augmented.some((value) => value === 1));
 * ```
 */
export function drawAugmentation(
  device: Device,
  count: number,
  options: DrawAugmentationOptions,
): Tensor {
  expectKnownOptions("drawAugmentation()", options, {
    size: true,
    kinds: true,
    probability: true,
    seed: true,
    stream: true,
    counter: true,
    repeat: true,
  });
  const { size: [height, width], kinds = AUGMENTATION_KINDS, probability = 1, seed, stream = 0 } = options;
  checkKinds("draw an augmentation", kinds);
  checkNumbers({ count, height, width });
  checkProbability(probability);
  const counter = counterOf(device, options);
  const given = counter instanceof Tensor ? counter : undefined;
  const varying = probability instanceof Tensor ? probability : undefined;
  const output = device.empty([count, PARAMETER_COLUMNS]);
  const [key_low, key_high] = keyOf(seed);
  const [cutHeight, cutWidth] = [pixelsOf(SHARES.cutout, height), pixelsOf(SHARES.cutout, width)];
  runKernel(device, {
    label: "draw augmentation",
    buffers: {
      ...(given ? { counter: read(given) } : {}),
      ...(varying ? { probability: read(varying, "array<f32>") } : {}),
      output: write(output, "array<vec4f>"),
    },
    uniforms: {
      ...each(u32, { count, key_low, key_high, stream: word("stream", stream) }),
      ...(given ? {} : { counter: u32(word("counter", counter as number)) }),
      ...(varying ? {} : { probability: f32(probability as number) }),
      ...each(u32, {
        move_y: pixelsOf(SHARES.translation, height),
        move_x: pixelsOf(SHARES.translation, width),
        // The center of an odd one may not lie right behind the last row
        centers_y: height + 1 - cutHeight % 2,
        centers_x: width + 1 - cutWidth % 2,
        cut_y: Math.floor(cutHeight / 2),
        cut_x: Math.floor(cutWidth / 2),
      }),
    },
    grid: linearGrid(count),
    declarations: `${PHILOX_WGSL}
fn one_of(bits: u32, count: u32) -> i32 { return i32(multiply_high(bits, count)); }
fn unit(bits: vec4u) -> vec4f { return vec4f(bits >> vec4u(8u)) * ${2 ** -24}; }
fn words(image: u32, block: u32, step: u32) -> vec4u {
  return philox(vec4u(image * ${BLOCKS}u + block, step, params.stream, 0u), vec2u(params.key_low, params.key_high));
}`,
    iterations: BLOCKS * PHILOX_ITERATIONS,
    body: `  if (index >= params.count) { return; }
  let step = ${given ? "counter[0]" : "params.counter"};
  let probability = ${varying ? "probability[0]" : "params.probability"};
  var color = vec4f(0.0, 1.0, 1.0, 0.0);
  var place = vec4f(0.0, 0.0, ${AUGMENTATION_PARAMETERS.cut_y}.0, ${AUGMENTATION_PARAMETERS.cut_x}.0);
${drawLines(kinds)}
  output[index * 2u] = color;
  output[index * 2u + 1u] = place;`,
  });
  return output;
}

/** Statements that draw what these kinds need. */
function drawLines(kinds: readonly AugmentationKind[]): string {
  const has = (kind: AugmentationKind) => kinds.includes(kind);
  const [colors, places] = [has("color") || has("flip"), has("translation") || has("cutout")];
  const lines = [
    colors && `let drawn = words(index, 0u, step);
  let applied = unit(words(index, 2u, step)) < vec4f(probability);`,
    has("color") && `let tones = unit(drawn) * vec4f(1.0, 2.0, 1.0, 0.0) + vec4f(-0.5, 0.0, 0.5, 0.0);
  color = select(color, tones, applied & vec4<bool>(true, true, true, false));`,
    has("flip") && "if (applied.w) { color.w = f32(drawn.w >> 31u); }",
    places && `let placed = words(index, 1u, step);
  let taken = unit(words(index, 3u, step)) < vec4f(probability);`,
    has("translation") && `if (taken.x) {
    place.x = f32(one_of(placed.x, 2u * params.move_y + 1u) - i32(params.move_y));
    place.y = f32(one_of(placed.y, 2u * params.move_x + 1u) - i32(params.move_x));
  }`,
    has("cutout") && `if (taken.y) {
    place.z = f32(one_of(placed.z, params.centers_y) - i32(params.cut_y));
    place.w = f32(one_of(placed.w, params.centers_x) - i32(params.cut_x));
  }`,
  ];
  return lines.filter((line) => line !== false).map((line) => `  ${line}`).join("\n");
}

function checkNumbers(numbers: Readonly<Record<"count" | "height" | "width", number>>): void {
  for (const [name, value] of Object.entries(numbers)) {
    if (Number.isInteger(value) && value >= 1 && value < 2 ** 20) continue;
    throw new RangeError(
      `Cannot draw an augmentation: the ${name} must be a whole number above 0 and below 2^20, found ${value}.`,
    );
  }
}

function checkProbability(probability: number | Tensor): void {
  if (probability instanceof Tensor) {
    if (probability.dtype === "f32" && probability.size === 1) return;
    throw new TypeError(
      `Cannot draw an augmentation: the probability must be a number or one f32, found ${probability.dtype} ` +
        `${formatShape(probability.shape)}.`,
    );
  }
  if (probability >= 0 && probability <= 1) return;
  throw new RangeError(
    `Cannot draw an augmentation: the probability must be from 0 to 1, found ${probability}.`,
  );
}
