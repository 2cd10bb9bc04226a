import { assert, assertEquals } from "@std/assert";
import {
  convolve,
  convolveInputGradient,
  convolveWeightGradient,
} from "../../../src/gpu/contraction/convolve.ts";
import { parseVariant } from "../../../src/gpu/contraction/variants/variant.ts";
import { type Device, matmul } from "../../../src/gpu/mod.ts";
import { withFewImages } from "../../../src/gpu/tuning/few_images.ts";
import { gpuTest } from "../../support/gpu.ts";
import { contractionsIn } from "./contractions_in.ts";

const G = {
  images: 24,
  height: 8,
  width: 8,
  inputs: 8,
  outHeight: 4,
  outWidth: 4,
  outputs: 12,
  kernelHeight: 4,
  kernelWidth: 4,
  stride: 2,
  padding: 1,
};

/** Forward, input gradient, weight gradient, and a plain product. */
function contractionsOf(device: Device) {
  const contractions = contractionsIn(device, () => {
    const [x, y, weight] = [[24, 8, 8, 8], [24, 4, 4, 12], [4, 4, 8, 12]].map((shape) =>
      device.empty(shape)
    ) as [
      ReturnType<Device["empty"]>,
      ReturnType<Device["empty"]>,
      ReturnType<Device["empty"]>,
    ];
    convolve(x, weight, G);
    convolveInputGradient(y, weight, G);
    convolveWeightGradient(x, y, G);
    matmul(device.empty([40, 24]), device.empty([24, 16]));
  });
  // Without what some of them are made of
  return [...contractions.values()].filter(({ geometry, phases = 1 }) => geometry || phases === 1);
}

const variant = (text: string) => parseVariant(text)!;

gpuTest(
  "withFewImages() leaves one image where rows do not fill tiles, and what is no convolution",
  (device) => {
    const tall = variant("wide rows 20 vectors 1 lanes 16 groups 4 splits 1");
    const few = contractionsOf(device).map((contraction) => withFewImages(device, contraction, tall));
    assertEquals(few.map(({ a, b, output }) => [a.shape, b.shape, output.shape]), [
      [[1, 8, 8, 8], [4, 4, 8, 12], [1, 4, 4, 12]],
      [[1, 4, 4, 12], [4, 4, 8, 12], [1, 8, 8, 8]],
      [[1, 8, 8, 8], [1, 4, 4, 12], [4, 4, 8, 12]],
      [[40, 24], [24, 16], [40, 16]],
    ]);
    for (const { a, problem, output } of few) {
      assertEquals(a.size, a.shape.reduce((product, extent) => product * extent, 1));
      const terms = [...problem.terms(output.size - 1)];
      assert(terms.length > 0 && terms.every(([i]) => i < a.size));
    }
  },
);

gpuTest(
  "withFewImages() keeps as many images as fill tiles where rows do, as the kernel's text is another",
  (device) => {
    const [forward, inputGradient] = contractionsOf(device) as [
      Parameters<typeof withFewImages>[1],
      Parameters<typeof withFewImages>[1],
    ];
    const whole = variant("wide rows 8 vectors 1 lanes 16 groups 4 splits 1");
    // 16 rows an image, in tiles of 32
    assertEquals(withFewImages(device, forward, whole).a.shape, [2, 8, 8, 8]);
    assertEquals(withFewImages(device, inputGradient, whole).a.shape, [2, 4, 4, 12]);
  },
);

gpuTest("withFewImages() keeps as many images as parts need", (device) => {
  const weightGradient = contractionsOf(device)[2]!;
  const inParts = variant("wide rows 8 vectors 1 lanes 16 groups 4 splits 8");
  // Sums of 16 terms an image, and four in a part
  assertEquals(withFewImages(device, weightGradient, inParts).a.shape, [2, 8, 8, 8]);
});
