import { assertEquals, assertThrows } from "@std/assert";
import { stepParts } from "../../../src/dcgan/steps/step_parts.ts";
import type { Device } from "../../../src/gpu/mod.ts";
import { gpuTest } from "../../support/gpu.ts";

/** Images and vectors that are their own numbers. */
function numbered(device: Device, images: number, vectors: number) {
  const range = (count: number, shape: number[]) =>
    device.tensor(Array.from({ length: count }, (_, i) => i), { shape: [count, ...shape] });
  return { real: range(images, [1, 1, 1]), latent: range(vectors, [1]) };
}

gpuTest("stepParts() gives each update the next images and vectors, in micro-batches", async (device) => {
  const parts = async (images: number, vectors: number, dSteps: number, accumulate: number, gSteps = 1) => {
    const steps = { dSteps, gSteps, accumulate };
    const { discriminator, generator } = stepParts(numbered(device, images, vectors), steps);
    assertEquals(generator.length, gSteps);
    return await Promise.all(
      [...discriminator, ...generator.filter((update) => update !== undefined)].map((update) =>
        Promise.all(
          update.map(async ({ real, latent }) =>
            `${(await real.data()).join()} ${(await latent.data()).join()}`
          ),
        )
      ),
    );
  };
  assertEquals(await parts(2, 2, 1, 1), [["0,1 0,1"]]);
  assertEquals(await parts(4, 4, 1, 2), [["0,1 0,1", "2,3 2,3"]]);
  assertEquals(await parts(4, 6, 2, 1), [["0,1 0,1"], ["2,3 2,3"], ["2,3 4,5"]]);
  assertEquals(await parts(4, 6, 2, 2), [["0 0", "1 1"], ["2 2", "3 3"], ["2 4", "3 5"]]);
  // The first update of the generator is of the fake images of the discriminator's only one
  assertEquals(await parts(2, 6, 1, 1, 3), [["0,1 0,1"], ["0,1 2,3"], ["0,1 4,5"]]);
  assertEquals(await parts(2, 4, 1, 2, 2), [["0 0", "1 1"], ["0 2", "1 3"]]);
  assertEquals(await parts(2, 4, 2, 1, 2), [["0 0"], ["1 1"], ["1 2"], ["1 3"]]);
});

gpuTest("stepParts() refuses numbers that do not fit each other", (device) => {
  const refuse = (
    images: number,
    vectors: number,
    dSteps: number,
    accumulate: number,
    message: string,
    gSteps = 1,
  ) =>
    assertThrows(
      () => stepParts(numbered(device, images, vectors), { dSteps, gSteps, accumulate }),
      RangeError,
      `Cannot take a training step: ${message}`,
    );
  refuse(3, 2, 1, 1, "the latent vectors must be as many as the real images, 3, found 2");
  refuse(4, 4, 2, 1, "the latent vectors must be 6, those of 3 batches, found 4");
  refuse(5, 5, 1, 2, "the real images must fall into 1 batches of 2 equal parts, found 5");
  refuse(4, 4, 0, 1, "dSteps must be a whole number of at least 1, found 0");
  refuse(4, 4, 1, 1.5, "accumulate must be a whole number of at least 1, found 1.5");
  refuse(4, 4, 1, 1, "gSteps must be a whole number of at least 1, found 0", 0);
  refuse(4, 8, 1, 1, "the latent vectors must be 12, those of 3 batches, found 8", 3);
});
