import { derive } from "../autograd/origin.ts";
import { linearGrid } from "../kernel/kernel.ts";
import { f32, read, runKernel, u32, write } from "../kernel/run_kernel.ts";
import { expectKnownOptions } from "../tensor/known_options.ts";
import { formatShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { drawPart, FOUR_NORMALS, normalPart, type RecordedDraw } from "./draw.ts";
import type { RandomKey } from "./philox.ts";

/** Options of {@linkcode addNoise}. */
export interface AddNoiseOptions extends RandomKey, RecordedDraw {
  /** Standard deviation: a finite number of at least 0, or an f32 tensor `[1]` that may change between runs of a program. */
  deviation: number | Tensor;
  /**
   * How many numbers of the draw come before that of the first element: a multiple of 4. So the parts of something may be
   * given the noise of the whole.
   *
   * @default {0}
   */
  first?: number;
}

/** Counted in words of 32 bits. */
const MOST_FIRST = 2 ** 32 - 4;

/**
 * Adds normal noise, drawn anew for each element: `x + deviation * randomNormal(...)`, in one launch. Gradients pass
 * through to `x`. With it on all images that a discriminator sees, real and fake, their distributions overlap (instance
 * noise: Sønderby et al. 2016, "Amortised MAP Inference for Image Super-resolution", section 3.3; Arjovsky and Bottou 2017,
 * "Towards Principled Methods for Training Generative Adversarial Networks", section 3).
 *
 * Element `k` is given number `first + k` of those that `randomNormal` and `hostNormal` draw. In a program each run draws
 * fresh ones; see `randomUniform`.
 *
 * @param x Of any shape, f32 or f16. The sum is rounded once.
 * @returns Of the shape and type of `x`.
 *
 * @throws {RangeError} if the deviation, `first` or one of the numbers of the draw is out of its range.
 * @throws {TypeError} if the counter is a tensor, but not u32, or the deviation is one, but not one f32.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { addNoise, hostNormal, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const noisy = addNoise(device.tensor([10, 20]), { deviation: 0.5, seed: 1 });
 * const [a, b] = hostNormal(2, { seed: 1 });
 * assertEquals([...await noisy.data()], [10 + 0.5 * a!, 20 + 0.5 * b!].map(Math.fround));
 * ```
 */
export function addNoise(x: Tensor, options: AddNoiseOptions): Tensor {
  expectKnownOptions("addNoise()", options, {
    deviation: true,
    first: true,
    seed: true,
    stream: true,
    counter: true,
    repeat: true,
  });
  const { deviation, first = 0 } = options;
  checkDeviation(deviation);
  if (!(Number.isInteger(first) && first % 4 === 0 && first >= 0 && first <= MOST_FIRST)) {
    throw new RangeError(
      `Cannot add noise: 'first' must be a multiple of 4 from 0 to ${MOST_FIRST}, found ${first}.`,
    );
  }
  const { device, size } = x;
  const varying = deviation instanceof Tensor ? deviation : undefined;
  const noisy = device.empty(x.shape, x.dtype);
  const [source, target] = [read(x, "vec4f"), write(noisy, "vec4f")];
  const quads = Math.ceil(size / 4);
  runKernel(device, {
    label: "add noise",
    parts: [drawPart(device, options), normalPart(device)],
    buffers: {
      x: source,
      ...(varying ? { deviation: read(varying, "array<f32>") } : {}),
      output: target,
    },
    uniforms: {
      quads: u32(quads),
      first: u32(first / 4),
      ...(varying ? {} : { deviation: f32(deviation as number) }),
    },
    grid: linearGrid(quads),
    body: `  if (index >= params.quads) { return; }
  let bits = words_of(params.first + index);
  let noise = ${FOUR_NORMALS};
  output[index] = ${
      target.store(`${source.load("x[index]")} + ${varying ? "deviation[0]" : "params.deviation"} * noise`)
    };`,
  });
  return derive(noisy, [x], (gradient) => [gradient]);
}

function checkDeviation(deviation: number | Tensor): void {
  if (deviation instanceof Tensor) {
    if (deviation.dtype === "f32" && deviation.size === 1) return;
    throw new TypeError(
      `Cannot add noise: the deviation must be a number or one f32, found ${deviation.dtype} ${
        formatShape(deviation.shape)
      }.`,
    );
  }
  if (Number.isFinite(deviation) && deviation >= 0) return;
  throw new RangeError(
    `Cannot add noise: the deviation must be a finite number of at least 0, found ${deviation}.`,
  );
}
