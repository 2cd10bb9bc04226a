import { assertThrows } from "@std/assert";
import { mixImages } from "../../../../src/gpu/mod.ts";
import { checkOp } from "../../../support/check_op.ts";
import { gpuTest } from "../../../support/gpu.ts";

gpuTest("mixImages() takes a share of each image, with gradients", async (device) => {
  for (const shape of [[3, 5, 3, 3], [2, 4, 4, 1], [4, 7], [1, 1]]) {
    const [batch] = shape as [number];
    const shares = Float32Array.from({ length: batch }, (_, n) => n / Math.max(1, batch - 1));
    await checkOp(device, {
      inputs: { a: { shape }, b: { shape } },
      halves: ["a", "b"],
      op: ({ a, b }) => mixImages(a, b, device.tensor(shares)),
      reference: ({ a, b }) =>
        a.map((value, at) => {
          const share = shares[Math.floor(at * batch / a.length)]!;
          return share * value + (1 - share) * b[at]!;
        }),
      shape,
    });
  }
});

gpuTest("mixImages() refuses shapes that do not fit each other", (device) => {
  const images = (batch: number) => device.tensor(new Float32Array(4 * batch), { shape: [batch, 4] });
  const expect = (batch: number, shares: ArrayLike<number>, found: string) =>
    assertThrows(() => mixImages(images(2), images(batch), device.tensor(shares)), RangeError, found);
  expect(3, [0, 0], "found shapes [2, 4] and [3, 4], and shares of [2].");
  expect(2, [0, 0, 0], "found shapes [2, 4] and [2, 4], and shares of [3].");
});
