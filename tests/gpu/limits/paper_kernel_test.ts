/**
 * The 5x5 convolutions of the paper's code (`--kernel 5`) at the largest shapes that the table of options
 * allows and one binding holds: images of 512x512 with alpha, 4096 maps, and weights of 125 MiB. Some of each
 * result's elements are compared with their sums in double precision, the first and the last among them.
 *
 * @module
 */
import { assert } from "@std/assert";
import { conv2d, convTranspose2d, type Device, type Tensor } from "../../../gpu.ts";
import { gradients } from "../../../src/gpu/autograd/gradients.ts";
import {
  type ConvolutionGeometry,
  inputShape,
  outputShape,
  weightShape,
} from "../../../src/gpu/contraction/sums/geometry.ts";
import {
  convolutionTerms,
  inputGradientTerms,
  type Terms,
  weightGradientTerms,
} from "../../../src/gpu/contraction/sums/reference.ts";
import { sizeOf } from "../../../src/gpu/tensor/shape.ts";
import { gpuTest } from "../../support/gpu.ts";
import { randomValues } from "../../support/random.ts";

/** A layer of the discriminator; of the generator's, its input is the output. */
interface Layer {
  readonly images: number;
  /** Side of the larger pictures. */
  readonly side: number;
  /** Their channels. */
  readonly few: number;
  /** Channels of those half as large. */
  readonly many: number;
}

const LAYERS: Readonly<Record<string, Layer>> = {
  "8 images of 512x512x4": { images: 8, side: 512, few: 4, many: 64 },
  "4096 maps of 8x8 images": { images: 128, side: 8, few: 4, many: 4096 },
  "weights of 1024 and 1280 maps": { images: 4, side: 8, few: 1024, many: 1280 },
};

/** The convolution of a layer, which halves the side. */
function geometryOf({ images, side, few, many }: Layer): ConvolutionGeometry {
  return {
    ...{ images, height: side, width: side, inputs: few },
    ...{ outHeight: side / 2, outWidth: side / 2, outputs: many },
    ...{ kernelHeight: 5, kernelWidth: 5, stride: 2, padding: 2 },
  };
}

/** A tensor with its values on the host. */
interface Known {
  readonly tensor: Tensor;
  readonly values: Float64Array;
}

function known(device: Device, shape: readonly number[], seed: number): Known {
  const values = randomValues(sizeOf(shape), seed, [-1, 1]);
  return { tensor: device.tensor(values, { shape }), values };
}

/** The first element, the last one, and some between. */
function places(count: number, some: number): number[] {
  return [0, count - 1, ...randomValues(some, 7, [0, count]).map(Math.floor)];
}

/**
 * Compares elements with their sums. Errors are shares of what the sum would be if no two terms had opposite
 * signs.
 */
async function checkSums(
  found: Tensor,
  terms: Terms,
  [a, b]: readonly [Known, Known],
  some: number,
  label: string,
): Promise<void> {
  const values = await found.data();
  for (const at of places(values.length, some)) {
    let [sum, size, count] = [0, 0, 0];
    for (const [i, j] of terms(at)) {
      const term = a.values[i]! * b.values[j]!;
      sum += term;
      size += Math.abs(term);
      count++;
    }
    assert(count > 0, `${label}[${at}] is a sum of nothing`);
    const error = Math.abs(values[at]! - sum) / size;
    assert(error <= 5e-6, `${label}[${at}] is ${values[at]}, expected ${sum}: off by ${error} of ${size}`);
  }
}

for (const [name, layer] of Object.entries(LAYERS)) {
  const g = geometryOf(layer);

  gpuTest(`conv2d() with the paper's kernel is right with ${name}`, async (device) => {
    const [x, weight] = [known(device, inputShape(g), 1), known(device, weightShape(g), 2)];
    const y = conv2d(x.tensor, weight.tensor, { stride: 2, padding: 2 });
    const seed = known(device, outputShape(g), 3);
    const [ofX, ofWeight] = gradients([y], [x.tensor, weight.tensor], { seeds: [seed.tensor] });
    await checkSums(y, convolutionTerms(g), [x, weight], 200, "output");
    await checkSums(ofX!, inputGradientTerms(g), [seed, weight], 200, "gradient of the input");
    await checkSums(ofWeight!, weightGradientTerms(g), [x, seed], 10, "gradient of the weight");
  });

  // Its kernels are the same: the largest images need not pass twice
  if (g.height > 64) continue;

  gpuTest(`convTranspose2d() with the paper's kernel is right with ${name}`, async (device) => {
    // What a convolution calls its output is the input of the transposed one
    const [x, weight] = [known(device, outputShape(g), 4), known(device, weightShape(g), 5)];
    const y = convTranspose2d(x.tensor, weight.tensor, { stride: 2, padding: 2, outputPadding: 1 });
    const seed = known(device, inputShape(g), 6);
    const [ofX, ofWeight] = gradients([y], [x.tensor, weight.tensor], { seeds: [seed.tensor] });
    await checkSums(y, inputGradientTerms(g), [x, weight], 200, "output");
    await checkSums(ofX!, convolutionTerms(g), [seed, weight], 200, "gradient of the input");
    await checkSums(ofWeight!, weightGradientTerms(g), [seed, x], 10, "gradient of the weight");
  });
}
