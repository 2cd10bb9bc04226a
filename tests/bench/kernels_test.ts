import { assert, assertEquals } from "@std/assert";
import { countCalls } from "../../bench/call_counts.ts";
import { convolutionCases, matrixCases } from "../../bench/kernels.ts";
import { measureCases } from "../../bench/measure.ts";
import { relu } from "../../src/gpu/mod.ts";
import { gpuTest } from "../support/gpu.ts";

Deno.test("matrixCases() and convolutionCases() name the kernels of the middle layers once each", () => {
  const names = [...matrixCases(), ...convolutionCases()].map(({ name }) => name);
  assertEquals(new Set(names).size, names.length);
  assertEquals(names.filter((name) => name.startsWith("S conv")).length, 6);
  assertEquals(names.filter((name) => name.startsWith("M conv")).length, 9);
  assert(names.includes("M conv 256->512 at 8x8, weight gradient"), names.join());
});

gpuTest("measureCases() runs every case and takes shares of the limit", async (device) => {
  const x = device.tensor([1, 2]);
  using program = device.program({}, () => relu(x));
  let runs = 0;
  const run = (): void => {
    runs++;
    program.run();
  };
  const { measurements, limits } = await measureCases(
    device,
    [{ name: "relu", work: 2, images: 1, run }],
    { rounds: 2, seconds: 0, limitSums: 2 },
  );
  assertEquals(runs, 3);
  assertEquals(limits.length, 3);
  const [{ name, gflops, imagesPerSecond, shareOfLimit }] = measurements as [typeof measurements[0]];
  assertEquals(name, "relu");
  assert(imagesPerSecond!.median > 0 && gflops.median > 0 && shareOfLimit.max < 1);
});

gpuTest("countCalls() counts calls, and leaves WebGPU as it was", (device) => {
  const x = device.tensor([1, 2]);
  using program = device.program({ y: [2] }, ({ y }) => relu(y));
  assertEquals(countCalls(device, () => program.run({ y: [3, 4] })), {
    submits: 1,
    writes: 1,
    buffers: 0,
    bindGroups: 0,
  });
  const eager = countCalls(device, () => {
    relu(x);
    device.flush();
  });
  assertEquals([eager.submits, eager.bindGroups], [1, 1]);
  assert(!Object.hasOwn(device.gpu.queue, "submit"));
});
