import { assert, assertEquals } from "@std/assert";
import { fastestSums, fmaKernel, FmaLimit, Stopwatch } from "../../../src/gpu/mod.ts";
import { gpuTest } from "../../support/gpu.ts";

gpuTest("fmaKernel() computes what its loop says", async (device) => {
  const output = device.empty([64 * 4]);
  device.launch(fmaKernel(2), { output }, { loops: 1, scale: 0.5, shift: 3 }, [1, 1, 1]);
  const values = await output.data();
  // Two sums start at the thread's index, and at twice that; 8 times x -> x/2 + 3 brings each 255/256 nearer to 6
  for (const thread of [0, 1, 63]) assertEquals(values[thread * 4 + 3], 3 * thread / 256 + 2 * 6 * 255 / 256);
});

gpuTest("FmaLimit.measure() gives a rate, and Stopwatch knows the idle wait", async (device) => {
  const stopwatch = await Stopwatch.on(device);
  assert(stopwatch.idle > 0 && stopwatch.idle < 1000, `${stopwatch.idle} ms`);
  using limit = new FmaLimit(device, stopwatch, 2);
  await limit.prepare();
  assert(await limit.measure() > 0);
});

gpuTest("fastestSums() chooses among kernels, and keeps none of their memory", async (device) => {
  assert([2, 3, 4, 6, 8, 16].includes(await fastestSums(device, 1)));
});
