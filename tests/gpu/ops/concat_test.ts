import { assertEquals, assertThrows } from "@std/assert";
import { concat, fill, gradients, sum } from "../../../src/gpu/mod.ts";
import { checkOp } from "../../support/check_op.ts";
import { gpuTest } from "../../support/gpu.ts";

gpuTest("concat() puts batches of any size behind each other", async (device) => {
  for (const [a, b, sample] of [[1, 1, [1]], [2, 3, [5]], [4, 2, [2, 2, 3]], [3, 1, [8]]] as const) {
    await checkOp(device, {
      inputs: { a: { shape: [a, ...sample] }, b: { shape: [b, ...sample] } },
      halves: ["a", "b"],
      op: ({ a, b }) => concat(a, b),
      reference: ({ a, b }) => [...a, ...b],
      shape: [a + b, ...sample],
    });
  }
});

gpuTest("concat() puts rows of any length behind each other", async (device) => {
  const shapes = [[[3, 2], [3, 5], 1], [[2, 3, 1], [2, 2, 1], -2], [[1, 4], [1, 4], 1], [
    [5, 1],
    [5, 1],
    1,
  ]] as const;
  for (const [a, b, axis] of shapes) {
    const rows = a[0];
    const row = (values: Float64Array, at: number) =>
      values.slice(at * values.length / rows, (at + 1) * values.length / rows);
    await checkOp(device, {
      inputs: { a: { shape: a }, b: { shape: b } },
      halves: ["a", "b"],
      op: ({ a, b }) => concat(a, b, { axis }),
      reference: ({ a, b }) => Array.from({ length: rows }, (_, at) => [...row(a, at), ...row(b, at)]).flat(),
      shape: a.map((extent, at) => extent + (at === 1 ? b[1] : 0)),
    });
  }
});

gpuTest("concat() puts the longest latent vectors and those of classes behind each other", async (device) => {
  // More threads than one axis of a grid has
  const [rows, latent, vector] = [70, 65536, 50];
  const [a, b] = [fill(device, [rows, latent], 1), fill(device, [rows, vector], 2)];
  const y = concat(a, b, { axis: 1 });
  const [da, db] = gradients([y], [a, b], { seeds: [y.detach()] });
  const sums = [y, da!, db!].map((one) => sum(one));
  const found = (await device.read(sums)).map(([value]) => value);
  assertEquals(found, [rows * (latent + 2 * vector), rows * latent, 2 * rows * vector]);
});

gpuTest("concat() takes numbers of classes as well", async (device) => {
  const [a, b] = [[3, 4_000_000_000, 1, 0], [7, 5]].map((values) => device.tensor(values, { dtype: "u32" }));
  assertEquals([...(await device.read([concat(a!, b!)]))[0]!], [3, 4_000_000_000, 1, 0, 7, 5]);
  const [c, d] = [[[1], [2]], [[3], [4]]].map((values) => device.tensor(values, { dtype: "u32" }));
  assertEquals([...(await device.read([concat(c!, d!, { axis: 1 })]))[0]!], [1, 3, 2, 4]);
});

gpuTest("concat() names samples of different shapes", (device) => {
  const a = device.tensor([[1, 2]]);
  assertThrows(() => concat(a, device.tensor([[1, 2, 3]])), RangeError, "shapes [1, 2] and [1, 3]");
  const other = device.tensor([[1, 2], [3, 4]]);
  assertThrows(
    () => concat(a, other, { axis: 1 }),
    RangeError,
    "differ in axis 1 only, found shapes [1, 2] and [2, 2]",
  );
  assertThrows(() => concat(a, a, { axis: 2 }), RangeError, "must be from -2 to 1, found 2");
});
