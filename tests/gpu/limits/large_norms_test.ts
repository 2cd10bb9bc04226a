/**
 * Batch norms of the largest tensors that options allow: normalized columns have mean 0 and variance 1.
 *
 * @module
 */
import { assertAlmostEquals, assertThrows } from "@std/assert";
import {
  batchNorm,
  concat,
  type Device,
  fill,
  map,
  mean,
  mul,
  randomNormal,
  square,
  sum,
} from "../../../gpu.ts";
import { gradients } from "../../../src/gpu/autograd/gradients.ts";
import { f16Test, gpuTest } from "../../support/gpu.ts";
import { onCard } from "../../support/other_adapters.ts";
import { assertAll } from "./assert_all.ts";

/** Batch norms by their rows and channels: software adapters go down whole columns from 128 channels on. */
const NORMS = [[2 ** 17, 128, 2], [2 ** 16 + 1, 130, 1], [2 ** 15, 512, 2], [2 ** 21, 3, 1]] as const;

/** Normalizes random rows, and looks at means, variances and gradients. */
async function checkNorm(device: Device, [rows, channels, groups]: readonly [number, number, number]) {
  const x = randomNormal(device, [rows, channels], { seed: 1 });
  const [weight, bias] = [fill(device, [channels], 1), fill(device, [channels], 0)];
  const y = batchNorm(x, weight, bias, { training: true, groups });
  await assertAll(mean(y, { axes: [0] }), 0, 1e-4, "means");
  await assertAll(mean(square(y), { axes: [0] }), 1, 1e-4, "variances");

  // What flows back has mean 0, and none of it goes along with y; the bias gets the sum of all.
  const seed = randomNormal(device, [rows, channels], { seed: 2 });
  const [ofX, ofWeight, ofBias] = gradients([y], [x, weight, bias], { seeds: [seed] });
  await assertAll(mean(ofX!, { axes: [0] }), 0, 1e-4, "means of the gradient");
  await assertAll(mean(mul(ofX!, y), { axes: [0] }), 0, 1e-4, "products of the gradient");
  const [sums, products] = [sum(seed, { axes: [0] }), sum(mul(seed, y), { axes: [0] })];
  const [bySum, byProduct] = [await sums.data(), await products.data()];
  for (const [i, value] of (await ofBias!.data()).entries()) {
    assertAlmostEquals(value, bySum[i]!, Math.sqrt(rows) * 1e-4);
  }
  for (const [i, value] of (await ofWeight!.data()).entries()) {
    assertAlmostEquals(value, byProduct[i]!, Math.sqrt(rows) * 1e-4);
  }
}

for (const [rows, channels, groups] of NORMS) {
  gpuTest(
    `batchNorm() of ${rows} rows of ${channels} in ${groups} normalizes all of them`,
    (device) => checkNorm(device, [rows, channels, groups]),
  );
}

gpuTest("batchNorm() on a card normalizes as many rows of 128 maps as one binding holds", async (device) => {
  const { maxStorageBufferBindingSize } = device.adapter.limits;
  const rows = Math.min(2 ** 18, 2 ** Math.floor(Math.log2(maxStorageBufferBindingSize / 4 / 128)));
  await onCard(device, (card) => checkNorm(card, [rows, 128, 2]));
});

f16Test("batchNorm() on a card normalizes 128 images of 64x64 with 128 maps", async (device) => {
  await onCard(device, async (card) => {
    const values = randomNormal(card, [2 ** 18, 128], { seed: 1 });
    const half = map("half", { values }, "values", { dtype: "f16" });
    values.dispose();
    const x = concat(half, half);
    half.dispose();
    const [weight, bias] = [fill(card, [128], 1), fill(card, [128], 0)];
    const y = batchNorm(x, weight, bias, { training: true, groups: 2 });
    await assertAll(mean(y, { axes: [0] }), 0, 5e-4, "means");
    const [ofBias] = gradients([y], [bias]);
    await assertAll(ofBias!, 2 ** 19, 0, "gradient of the bias");
  });
});

gpuTest(
  "batchNorm() of more groups or channels than a grid is long is right, or refused by name",
  async (device) => {
    const normalize = (rows: number, channels: number, groups: number) => {
      const x = randomNormal(device, [rows, channels], { seed: 1 });
      const [weight, bias] = [fill(device, [channels], 1), fill(device, [channels], 0)];
      return batchNorm(x, weight, bias, { training: true, groups });
    };
    const wide = normalize(4, 4_300_000, 1);
    await assertAll(mean(wide, { axes: [0] }), 0, 1e-4, "means");
    assertThrows(() => normalize(140_000, 4, 70_000), RangeError, "workgroups, at most 65535 along an axis");
  },
);
