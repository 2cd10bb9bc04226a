import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import {
  type Device,
  gatherImages,
  type GatherImagesOptions,
  normalizeImages,
  type Tensor,
} from "../../../../src/gpu/mod.ts";
import { sizeOf } from "../../../../src/gpu/tensor/shape.ts";
import { gatherImagesReference } from "../../../oracles/images.ts";
import { assertClose } from "../../../support/close.ts";
import { f16Test, gpuTest } from "../../../support/gpu.ts";
import { randomValues } from "../../../support/random.ts";

type ImageShape = readonly [number, number, number, number];

/** Noise as pictures on the GPU, and the same on the host. */
function noise(device: Device, shape: ImageShape): { images: Tensor; bytes: Uint8Array } {
  const bytes = Uint8Array.from(randomValues(sizeOf(shape), 1, [0, 256]));
  return { images: device.tensor(bytes, { dtype: "u8", shape }), bytes };
}

const exact = { relative: 1e-7, absolute: 1e-8 };

gpuTest("gatherImages() takes the pictures of each step, mirrored or not, as on the host", async (device) => {
  const shapes: ImageShape[] = [[1, 2, 2, 1], [7, 2, 6, 1], [5, 4, 3, 3], [40, 14, 14, 1], [33, 16, 16, 3]];
  for (const shape of shapes) {
    for (const batch of [1, 4, 9]) {
      for (const flip of [undefined, { seed: 3, stream: 5 }]) {
        const options: GatherImagesOptions = { shuffle: { batch, seed: 2 ** 40 + 9 }, ...(flip && { flip }) };
        const { images, bytes } = noise(device, shape);
        const counter = device.state([1], "u32");
        using program = device.program({}, () => gatherImages(images, counter, options));
        for (const step of [0, 1, 5, 1000]) {
          counter.set([step]);
          program.run();
          const label = `step ${step} of ${shape} in batches of ${batch}${flip ? ", mirrored" : ""}`;
          const expected = gatherImagesReference(bytes, shape, step, options);
          assertClose(await program.outputs.data(), expected, exact, label);
        }
      }
    }
  }
});

gpuTest("gatherImages() counts steps times pictures past 32 bits", async (device) => {
  const shape: ImageShape = [3_000, 2, 2, 1];
  const { images, bytes } = noise(device, shape);
  const counter = device.state([1], "u32");
  for (const [step, batch] of [[2 ** 31 - 1, 60], [2 ** 32 - 1, 2000], [12_345_678, 65_536]] as const) {
    const options = { shuffle: { batch, seed: 4 } };
    counter.set([step]);
    const found = await gatherImages(images, counter, options).data();
    assertClose(found, gatherImagesReference(bytes, shape, step, options), exact, `step ${step}`);
  }
});

gpuTest("gatherImages() takes all pictures in order without shuffle", async (device) => {
  const shape: ImageShape = [6, 4, 5, 3];
  const { images, bytes } = noise(device, shape);
  const counter = device.tensor([8], { dtype: "u32" });
  assertClose(
    await gatherImages(images, counter).data(),
    gatherImagesReference(bytes, shape, 8),
    exact,
    "plain",
  );
  const flip = { seed: 1 };
  const mirrored = await gatherImages(images, counter, { flip }).data();
  assertClose(mirrored, gatherImagesReference(bytes, shape, 8, { flip }), exact, "mirrored");
  assertNotEquals(mirrored, await gatherImages(images, counter).data());
});

f16Test("gatherImages() gives the floats of 16 bits that normalizeImages() gives", async (device) => {
  const { images } = noise(device, [256, 4, 4, 3]);
  const counter = device.state([1], "u32");
  const [found, expected] = await device.read([
    gatherImages(images, counter, { dtype: "f16" }),
    normalizeImages(images, "f16"),
  ]);
  assertEquals(found, expected);
});

gpuTest("gatherImages() explains what it needs", (device) => {
  const counter = device.state([1], "u32");
  const bytes = (shape: number[]) => device.tensor(new Uint8Array(sizeOf(shape)), { dtype: "u8", shape });
  assertThrows(
    () => gatherImages(device.tensor([1]), counter),
    TypeError,
    "needs images of u8, found f32",
  );
  assertThrows(() => gatherImages(bytes([1, 2, 2, 1]), device.tensor([1])), TypeError, "counter of one u32");
  for (const shape of [[4, 4], [2, 3, 3, 1]]) {
    assertThrows(() => gatherImages(bytes(shape), counter), RangeError, "a multiple of 4 bytes each");
  }
  assertEquals(gatherImages(bytes([2, 2, 2, 1]), counter).shape, [2, 2, 2, 1]);
});

gpuTest("gatherImages() takes the next batch in each run, unless told to repeat it", async (device) => {
  const bytes = Uint8Array.from({ length: 12 * 4 }, (_, i) => i);
  const images = device.tensor(bytes, { dtype: "u8", shape: [12, 2, 2, 1] });
  for (const repeat of [false, true]) {
    const counter = device.state([1], "u32");
    const options = { shuffle: { batch: 3, seed: 1 }, repeat };
    using program = device.program({}, () => gatherImages(images, counter, options));
    for (const step of [0, 1, 2]) {
      program.run();
      const expected = gatherImagesReference(bytes, [12, 2, 2, 1], repeat ? 0 : step, options);
      assertClose(await program.outputs.data(), expected, { relative: 1e-6, absolute: 1e-6 }, `step ${step}`);
    }
  }
  const counter = device.state([1], "u32");
  using whole = device.program({}, () => gatherImages(images, counter));
  whole.run();
  assertEquals(await counter.item(), 0);
});
