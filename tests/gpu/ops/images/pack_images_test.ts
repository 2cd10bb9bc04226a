import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { packImages } from "../../../../src/gpu/mod.ts";
import { checkOp } from "../../../support/check_op.ts";
import { gpuTest } from "../../../support/gpu.ts";

gpuTest("packImages() puts neighbors into channels, with gradients", async (device) => {
  for (
    const [batch, height, width, channels, count] of [
      [2, 1, 2, 1, 2],
      [6, 3, 5, 3, 2],
      [6, 2, 3, 1, 3],
      [4, 7, 2, 5, 4],
    ] as const
  ) {
    await checkOp(device, {
      inputs: { x: { shape: [batch, height, width, channels] } },
      halves: ["x"],
      op: ({ x }) => packImages(x, count),
      reference: ({ x }) => {
        const pixels = height * width;
        const y = new Float64Array(x.length);
        for (let image = 0; image < batch; image++) {
          for (let pixel = 0; pixel < pixels; pixel++) {
            for (let channel = 0; channel < channels; channel++) {
              const pack = Math.floor(image / count);
              const packed = (image % count) * channels + channel;
              y[(pack * pixels + pixel) * count * channels + packed] =
                x[(image * pixels + pixel) * channels + channel]!;
            }
          }
        }
        return y;
      },
      shape: [batch / count, height, width, count * channels],
    });
  }
});

gpuTest("packImages() of one image each is the batch itself", (device) => {
  const x = device.tensor(new Float32Array(8), { shape: [2, 2, 2, 1] });
  assertStrictEquals(packImages(x, 1), x);
});

gpuTest("packImages() refuses what cannot be packed", (device) => {
  const x = device.tensor(new Float32Array(12), { shape: [3, 2, 2, 1] });
  for (const count of [2, 0, 1.5, NaN]) {
    const error = assertThrows(() => packImages(x, count), RangeError);
    assertEquals(
      error.message,
      `Cannot pack images: their count must be a whole number that divides the batch, 3, found ${count}`,
    );
  }
  assertThrows(
    () => packImages(x.reshape([3, 4]), 3),
    RangeError,
    "Cannot pack images: they must be [batch, height, width, channels], found shape [3, 4]",
  );
});
