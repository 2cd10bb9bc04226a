import { assert, assertAlmostEquals } from "@std/assert";
import { type Device, fastestSums, fmaKernel, FmaLimit, Stopwatch } from "../../../src/gpu/mod.ts";
import { gpuTest } from "../../support/gpu.ts";

/** What a thread of `fmaKernel()` with three sums writes. */
function threeSums(thread: number, rounds: number, scale: number): number {
  let [x, y, rest] = [thread + 1, 2 * thread + 1, 3 * thread + 1];
  for (let round = 0; round < rounds; round++) {
    x += scale * y;
    y -= scale * x;
    rest += scale * x;
  }
  return x + y + rest;
}

gpuTest("fmaKernel() computes what its loop says", async (device) => {
  const output = device.empty([64 * 4]);
  device.launch(fmaKernel(3), { output }, { loops: 2, scale: 0.5, back: -0.5 }, [1, 1, 1]);
  const values = await output.data();
  for (const thread of [0, 1, 63]) {
    assertAlmostEquals(values[thread * 4 + 3]!, threeSums(thread, 2 * 8, 0.5), 1e-3);
  }
});

gpuTest("fmaKernel() keeps its sums finite and away from zero for as long as it may run", async (device) => {
  const output = device.empty([64 * 4]);
  device.launch(fmaKernel(6), { output }, { loops: 32768, scale: 0.001, back: -0.001 }, [1, 1, 1]);
  const values = await output.data();
  assert(values.every((value) => Math.abs(value) < 1e6), `${values}`);
  assert(values.some((value) => Math.abs(value) > 1e-3), `${values}`);
});

/** A stopwatch for a card that does so many multiply-adds a millisecond, and the size of each launch. */
function fakeCard(rate: number, lanes: number) {
  const launches: { milliseconds: number; work: number }[] = [];
  let last = 0;
  const device = {
    empty: ([size]: [number]) => ({ size, dispose: () => {} }),
    launch: (
      _kernel: unknown,
      _buffers: unknown,
      { loops }: { loops: number },
      [workgroups]: readonly [number],
    ) => {
      const work = loops * 8 * 4 * 4 * 64;
      last = work * Math.max(workgroups, lanes / 64) / rate;
      launches.push({ milliseconds: last, work: work * workgroups });
    },
  } as unknown as Device;
  const stopwatch = {
    time: (run: () => void, times: number) => {
      for (let i = 0; i < times; i++) run();
      return Promise.resolve(last);
    },
  } as unknown as Stopwatch;
  return { device, stopwatch, launches };
}

Deno.test("FmaLimit begins with launches that no card takes long for, and ends with some that last", async () => {
  const slowest = 50e6;
  for (const [rate, lanes] of [[slowest, 64], [200e6, 192], [2e9, 2048], [41e9, 16384]] as const) {
    const { device, stopwatch, launches } = fakeCard(rate, lanes);
    using limit = new FmaLimit(device, stopwatch, 4);
    await limit.prepare();
    const times = launches.map(({ milliseconds }) => milliseconds);
    assert(times[0]! < 5, `the first launch takes ${times[0]} ms`);
    assert(Math.max(...times) <= 40, `the longest launch takes ${Math.max(...times)} ms`);
    assert(times.at(-1)! >= 20, `the last launch takes ${times.at(-1)} ms`);
    assertAlmostEquals(await limit.measure(), 2 * rate / 1e6, rate / 1e10);
  }
});

gpuTest("FmaLimit.measure() gives a rate, and Stopwatch knows the idle wait", async (device) => {
  const stopwatch = await Stopwatch.on(device);
  assert(stopwatch.idle > 0 && stopwatch.idle < 1000, `${stopwatch.idle} ms`);
  using limit = new FmaLimit(device, stopwatch, 2);
  await limit.prepare();
  assert(await limit.measure() > 0);
});

gpuTest("fastestSums() chooses among kernels, and keeps none of their memory", async (device) => {
  assert([3, 4, 6, 8, 12, 16].includes(await fastestSums(device, 1)));
});
