import { assertEquals } from "@std/assert";
import { accumulate, concat, type Device, map, relu, type Tensor } from "../../../src/gpu/mod.ts";
import { gpuTest } from "../../support/gpu.ts";

const LENGTH = 64;

/** Records what `build` makes of two inputs of 64 elements, and runs it twice. */
async function launchesOf(
  device: Device,
  build: (a: Tensor, b: Tensor) => Tensor | Tensor[],
  expected: (a: number, b: number) => readonly number[],
  length = LENGTH,
): Promise<number> {
  using program = device.program(
    { a: [length], b: [length] },
    ({ a, b }) => [build(a, b)].flat(),
  );
  for (const sign of [1, -1]) {
    const a = Array.from({ length }, (_, i) => sign * (i - 20));
    const b = a.map((value) => 3 * value);
    program.run({ a, b });
    const wanted = expected(sign, 3 * sign).flatMap((factor) => a.map((value) => factor * sign * value));
    const found = (await device.read(program.outputs)).flatMap((values) => [...values]);
    assertEquals(found, wanted);
  }
  return program.stats.launches;
}

const doubled = (x: Tensor) => map("double", { x }, "2.0 * x");

gpuTest("concat() in a program has temporaries made where they belong, without a copy", async (device) => {
  const both = (a: number, b: number) => [2 * a, 2 * b];
  assertEquals(await launchesOf(device, (a, b) => concat(doubled(a), doubled(b)), both), 2);
  const later = (a: Tensor, b: Tensor) => {
    const [first, second] = [doubled(a), doubled(b)];
    const joined = concat(first, second);
    return concat(doubled(joined), concat(map("sum", { first, second }, "first + second"), doubled(second)));
  };
  const all = (a: number, b: number) => [4 * a, 4 * b, 2 * a + 2 * b, 4 * b];
  assertEquals(await launchesOf(device, later, all), 5);
});

gpuTest(
  "concat() in a program copies what has a place, or does not begin where bindings may",
  async (device) => {
    const same = (a: number, b: number) => [a, b];
    assertEquals(await launchesOf(device, concat, same), 1);
    const oneInput = (a: Tensor, b: Tensor) => concat(a, doubled(b));
    assertEquals(await launchesOf(device, oneInput, (a, b) => [a, 2 * b]), 2);
    const both = (a: number, b: number) => [2 * a, 2 * b];
    assertEquals(await launchesOf(device, (a, b) => concat(doubled(a), doubled(b)), both, 60), 3);
  },
);

gpuTest("concat() in a program copies a tensor to itself, and one made of the other", async (device) => {
  const twice = (a: Tensor) => {
    const one = doubled(a);
    return concat(one, one);
  };
  assertEquals(await launchesOf(device, twice, (a) => [2 * a, 2 * a]), 2);
  const derived = (a: Tensor) => {
    const one = doubled(a);
    return concat(one, doubled(one));
  };
  assertEquals(await launchesOf(device, derived, (a) => [2 * a, 4 * a]), 3);
});

gpuTest("concat() in a program copies what changes later", async (device) => {
  const changed = (a: Tensor, b: Tensor) => {
    const [first, second] = [doubled(a), doubled(b)];
    const joined = concat(first, second);
    accumulate(second, a, true);
    return [doubled(joined), doubled(second)];
  };
  assertEquals(await launchesOf(device, changed, (a, b) => [4 * a, 4 * b, 4 * b + 2 * a]), 6);
});

gpuTest("concat() in a program copies what a script is given as well as the whole", async (device) => {
  const given = (a: Tensor, b: Tensor) => {
    const first = doubled(a);
    return [first, concat(first, doubled(b))];
  };
  assertEquals(await launchesOf(device, given, (a, b) => [2 * a, 2 * a, 2 * b]), 3);
});

gpuTest("concat() in a program copies floats of one type to those of another", async (device) => {
  if (!device.capabilities.f16) return;
  const mixed = (a: Tensor, b: Tensor) => concat(relu(a), map("half", { b }, "b", { dtype: "f16" }));
  using program = device.program({ a: [LENGTH], b: [LENGTH] }, ({ a, b }) => mixed(a, b));
  program.run({ a: new Float32Array(LENGTH).fill(1), b: new Float32Array(LENGTH).fill(2) });
  assertEquals((await program.outputs.data())[LENGTH], 2);
  assertEquals(program.stats.launches, 3);
});
