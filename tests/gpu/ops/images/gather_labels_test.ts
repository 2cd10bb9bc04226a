import { assertEquals, assertThrows } from "@std/assert";
import { type Device, gatherLabels, permuted } from "../../../../src/gpu/mod.ts";
import { gpuTest } from "../../../support/gpu.ts";

/** Labels that tell the picture that each is of. */
const labelsOf = (device: Device, length: number) =>
  device.tensor(Uint32Array.from({ length }, (_, picture) => picture * 3), { dtype: "u32" });

gpuTest("gatherLabels() takes the labels of the pictures of each step", async (device) => {
  const counter = device.state([1], "u32");
  const cases = [[1, 4, 0], [7, 3, 5], [10, 25, 2], [3000, 60, 2 ** 31 - 1], [
    3000,
    2000,
    2 ** 32 - 1,
  ]] as const;
  for (const [length, batch, step] of cases) {
    counter.set([step]);
    const labels = labelsOf(device, length);
    const [found] = await device.read([gatherLabels(labels, counter, { shuffle: { batch, seed: 4 } })]);
    const expected = Array.from({ length: batch }, (_, position) => {
      const place = BigInt(step) * BigInt(batch) + BigInt(position);
      const epoch = Number(place / BigInt(length) % 2n ** 32n);
      return 3 * permuted(Number(place % BigInt(length)), length, { seed: 4, epoch });
    });
    assertEquals([...found!], expected, `step ${step} of ${length}`);
  }
});

gpuTest("gatherLabels() takes the next batch in each run of a program", async (device) => {
  const counter = device.state([1], "u32");
  const labels = labelsOf(device, 8);
  using program = device.program({}, () => gatherLabels(labels, counter, { shuffle: { batch: 4, seed: 1 } }));
  const seen = new Set<number>();
  for (let run = 0; run < 2; run++) {
    program.run();
    for (const label of (await device.read([program.outputs]))[0]!) seen.add(label);
  }
  assertEquals(seen.size, 8);
});

gpuTest("gatherLabels() refuses other tensors", (device) => {
  const counter = device.state([1], "u32");
  const shuffle = { batch: 1, seed: 0 };
  assertThrows(() => gatherLabels(device.tensor([1]), counter, { shuffle }), TypeError, "found f32 and u32");
  const table = device.tensor([[1, 2]], { dtype: "u32" });
  assertThrows(() => gatherLabels(table, counter, { shuffle }), RangeError, "found shapes [1, 2] and [1]");
});
