import { linearGrid } from "../../kernel/kernel.ts";
import { each, read, runKernel, u32, write } from "../../kernel/run_kernel.ts";
import { PHILOX_WGSL } from "../../random/philox.ts";
import { expectKnownOptions } from "../../tensor/known_options.ts";
import { formatShape } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { advance } from "../record_scalars.ts";
import {
  type Shuffle,
  SHUFFLE_ITERATIONS,
  SHUFFLE_WGSL,
  SHUFFLED_PICTURE,
  shuffleUniforms,
} from "./shuffled_place.ts";

/** Whose labels a batch takes. */
export interface GatherLabelsOptions {
  /** The batch, as in `gatherImages()`. */
  shuffle: Shuffle;
  /**
   * In a program: take the same batch in each run, as long as nothing changes the counter. Without it, the counter is
   * advanced at the end of each run, unless the program changes it itself.
   *
   * @default {false}
   */
  repeat?: boolean;
}

/**
 * The labels of the pictures that `gatherImages()` takes with the same `shuffle` and counter, such as their classes.
 *
 * @param labels One for each picture: `[length]`, u32.
 * @param counter The step: u32 `[1]`.
 * @returns `[batch]`, u32.
 * @throws {TypeError} if labels or counter are not u32.
 * @throws {RangeError} if the labels have not one axis.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { gatherLabels, openDevice, permuted } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const labels = device.tensor([5, 6, 7, 8], { dtype: "u32" });
 * const batch = gatherLabels(labels, device.state([1], "u32"), { shuffle: { batch: 2, seed: 1 } });
 * const expected = [0, 1].map((position) => 5 + permuted(position, 4, { seed: 1 }));
 * const [found] = await device.read([batch]);
 * assertEquals([...found!], expected);
 * ```
 */
export function gatherLabels(labels: Tensor, counter: Tensor, options: GatherLabelsOptions): Tensor {
  expectKnownOptions("gatherLabels()", options, { shuffle: true, repeat: true });
  const { shuffle: { batch, seed }, repeat = false } = options;
  if (labels.dtype !== "u32" || counter.dtype !== "u32") {
    throw new TypeError(
      `gatherLabels() needs labels and a counter of u32, found ${labels.dtype} and ${counter.dtype}`,
    );
  }
  if (labels.rank !== 1 || counter.size !== 1) {
    throw new RangeError(
      `gatherLabels() needs labels [length] and a counter [1], found shapes ${
        formatShape(labels.shape)
      } and ` +
        formatShape(counter.shape),
    );
  }
  const { device } = labels;
  if (!repeat) device.drawsBy(counter, () => advance(counter));
  const output = device.empty([batch], "u32");
  runKernel(device, {
    label: "gather labels",
    buffers: { labels: read(labels), counter: read(counter), output: write(output) },
    uniforms: { ...each(u32, { batch }), ...shuffleUniforms(labels.size, seed) },
    grid: linearGrid(batch),
    declarations: [PHILOX_WGSL, ...SHUFFLE_WGSL].join("\n"),
    iterations: SHUFFLE_ITERATIONS,
    body: `  if (index >= params.batch) { return; }
  let position = index;
  let step = counter[0];
  ${SHUFFLED_PICTURE}
  output[index] = labels[picture];`,
  });
  return output;
}
