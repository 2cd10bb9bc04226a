import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { memoryOf } from "../../../src/gpu/kernel/float_memory.ts";
import { defineKernel } from "../../../src/gpu/kernel/kernel.ts";
import {
  accumulate,
  batchNorm,
  bceWithLogits,
  cast,
  concat,
  conv2d,
  crossEntropy,
  type Device,
  F16NotSupportedError,
  fill,
  linear,
  logisticScores,
  matmul,
  mul,
  normalizeImages,
  quantizeImages,
  recordScalars,
  relativisticScores,
  relu,
  softmax,
  type Tensor,
  upsampleNearest,
} from "../../../gpu.ts";
import { conv2dReference } from "../../../src/gpu/ops/products/conv2d.ts";
import { gradients } from "../../../src/gpu/autograd/gradients.ts";
import { assertClose } from "../../support/close.ts";
import { f16Test, gpuTest, withoutF16 } from "../../support/gpu.ts";
import { randomValues } from "../../support/random.ts";

async function valuesOf(tensor: Tensor): Promise<number[]> {
  const [values] = await tensor.device.read([tensor]);
  return Array.from(values!);
}

Deno.test("memoryOf() leaves the text of f32 kernels alone, and names what holds no floats", () => {
  for (const width of ["f32", "vec4f"] as const) {
    const { array, load, store } = memoryOf({ dtype: "f32" }, width);
    assertEquals([array, load("x[i]"), store("a + b")], [`array<${width}>`, "x[i]", "a + b"]);
  }
  assertThrows(() => memoryOf({ dtype: "u32" }, "f32"), TypeError, "tensors of f32 or f16, found one of u32");
});

Deno.test("defineKernel() asks for floats of 16 bits where a kernel has them", () => {
  const kernelOf = (dtype: "f32" | "f16") => {
    const memory = memoryOf({ dtype }, "vec4f");
    return defineKernel({
      label: "copy",
      bindings: { x: ["read", memory.array], y: ["write", memory.array] },
      body: `  y[index] = ${memory.store(memory.load("x[index]"))};`,
    }).code;
  };
  assertEquals(kernelOf("f16").startsWith("enable f16;\n"), true);
  assertStringIncludes(kernelOf("f16"), "fn halves_of");
  assertEquals(kernelOf("f32").includes("f16"), false);
});

gpuTest("F16NotSupportedError says what is missing, where, and what to do", (device) => {
  const without = withoutF16(device);
  for (const make of [() => without.empty([2], "f16"), () => without.tensor([1], { dtype: "f16" })]) {
    const error = assertThrows(make, F16NotSupportedError, "cannot compute with floats of 16 bits");
    assertStringIncludes(error.message, device.adapter.name);
    assertStringIncludes(error.message, "Use f32");
  }
  assertThrows(() => cast(without.tensor([1]), "f16"), F16NotSupportedError);
  without.ledger.destroyAll();
});

f16Test("Device.read() gives floats of 16 bits back, whatever the length", async (device) => {
  for (const length of [1, 2, 3, 8, 9, 17]) {
    const values = Array.from({ length }, (_, i) => (i - 3) / 3);
    const [found] = await device.read([device.tensor(values, { dtype: "f16" })]);
    assertEquals(found, Float16Array.from(values));
  }
});

f16Test(
  "cast() rounds to the nearest, keeps NaN and small numbers, and makes large ones infinite",
  async (device) => {
    const values = [1 / 3, -2049, 1e-5, 2 ** -24, 65519, 65520, -1e30, Infinity, -Infinity, NaN, 0, -0, 0.1];
    for (const count of [values.length, 3]) {
      const single = cast(device.tensor(values.slice(0, count)), "f16");
      const expected = values.slice(0, count).map(Math.f16round);
      assertEquals(await valuesOf(single), expected);
      assertEquals(await valuesOf(cast(single, "f32")), expected);
    }
  },
);

f16Test("cast() gives each tensor a gradient of its own type", async (device) => {
  const x = device.tensor([1, 2, 3]);
  const y = cast(x, "f16");
  const [gradient] = gradients([mul(y, y)], [x]);
  assertEquals([y.dtype, gradient!.dtype], ["f16", "f32"]);
  assertEquals(await valuesOf(gradient!), [2, 4, 6]);
});

f16Test("accumulate() adds tensors of one type to those of the other", async (device) => {
  const single = device.tensor([1, 2, 3]);
  const half = device.tensor([0.5, 0.25, 65504], { dtype: "f16" });
  accumulate(single, half, true);
  assertEquals(await valuesOf(single), [1.5, 2.25, 65507]);
  accumulate(half, single, true);
  assertEquals(await valuesOf(half), [2, 2.5, Infinity]);
});

f16Test("normalizeImages() and fill() write floats of 16 bits", async (device) => {
  const bytes = device.tensor([0, 255, 100, 7, 200], { dtype: "u8" });
  const wanted = [0, 255, 100, 7, 200].map((value) => Math.f16round((2 * value - 255) / 255));
  assertEquals(await valuesOf(normalizeImages(bytes, "f16")), wanted);
  assertEquals(await valuesOf(fill(device, [5], 0.1, "f16")), new Array(5).fill(Math.f16round(0.1)));
});

f16Test("operations store what is too large as infinity, and NaN as NaN", async (device) => {
  for (const channels of [4, 3]) {
    const picture = (value: number) => fill(device, [1, 2, 2, channels], value, "f16");
    const many = fill(device, [3, 3, channels, channels], 6e4, "f16");
    const nothing = fill(device, [3, 3, channels, channels], NaN, "f16");
    const ones = fill(device, [channels], 1);
    const tooLarge = {
      conv2d: conv2d(picture(100), many, { padding: 1 }),
      matmul: matmul(fill(device, [3, channels], 300, "f16"), fill(device, [channels, channels], 300, "f16")),
      mul: mul(picture(300), 300),
    };
    for (const result of [tooLarge.conv2d, tooLarge.matmul, tooLarge.mul]) {
      assertEquals(new Set(await valuesOf(result)), new Set([Infinity]));
    }
    const lost = [
      conv2d(picture(1), nothing, { padding: 1 }),
      relu(picture(NaN)),
      upsampleNearest(picture(NaN), 2),
      concat(picture(NaN), picture(NaN)),
      batchNorm(picture(NaN), ones, ones, { training: true, activation: { type: "leaky_relu", slope: 0.2 } }),
    ];
    for (const result of lost) assertEquals((await valuesOf(result)).every(Number.isNaN), true);
  }
});

f16Test("conv2d() takes pictures, weights, gradients and results of either type", async (device) => {
  for (const [inputs, outputs] of [[3, 5], [4, 8]] as const) {
    const shapes = { x: [2, 6, 6, inputs], weight: [4, 4, inputs, outputs] };
    const g = {
      images: 2,
      height: 6,
      width: 6,
      inputs,
      outHeight: 3,
      outWidth: 3,
      outputs,
      kernelHeight: 4,
      kernelWidth: 4,
      stride: 2,
      padding: 1,
    };
    const values = (name: "x" | "weight", seed: number) =>
      randomValues(shapes[name].reduce((a, b) => a * b), seed, [-1, 1]).map(Math.f16round);
    const [pictures, weights] = [values("x", 1), values("weight", 2)];
    const seed = randomValues(2 * 9 * outputs, 3, [-1, 1]).map(Math.f16round);
    const run = async (types: readonly ("f32" | "f16")[]) => {
      const x = device.tensor(pictures, { shape: shapes.x, dtype: types[0]! });
      const weight = device.tensor(weights, { shape: shapes.weight, dtype: types[1]! });
      const y = conv2d(x, weight, { stride: 2, padding: 1, dtype: types[2] });
      const found = gradients([y], [x, weight], {
        seeds: [device.tensor(seed, { shape: y.shape, dtype: types[3]! })],
      });
      assertEquals([y.dtype, found[0]!.dtype, found[1]!.dtype], [types[2], types[0], types[1]]);
      return (await device.read([y, ...found])).map((array) => Array.from(array));
    };
    const exact = await run(["f32", "f32", "f32", "f32"]);
    assertClose(exact[0]!, conv2dReference(pictures, weights, g), { relative: 1e-4, absolute: 1e-5 }, "f32");
    for (let mix = 1; mix < 16; mix++) {
      const types = [0, 1, 2, 3].map((bit) => (mix >> bit & 1 ? "f16" as const : "f32" as const));
      const found = await run(types);
      for (const [position, name] of ["y", "gradient of x", "gradient of weight"].entries()) {
        const label = `${name} with ${types.join()}, ${inputs} to ${outputs} channels`;
        assertClose(found[position]!, exact[position]!, { relative: 2 ** -11 + 1e-5, absolute: 1e-5 }, label);
      }
    }
  }
});

f16Test("linear() gives a bias a gradient of f32, of a single row as well", async (device) => {
  const x = device.tensor([[1, 2, 3, 4]], { dtype: "f16" });
  const weight = device.tensor([[1, 0, 0, 0], [0, 1, 0, 1]], { dtype: "f16" });
  const bias = device.tensor([10, 20]);
  const y = linear(x, weight, bias, "f32");
  assertEquals([y.dtype, ...await valuesOf(y)], ["f32", 11, 26]);
  const [gradient] = gradients([linear(x, weight, bias)], [bias]);
  assertEquals([gradient!.dtype, ...await valuesOf(gradient!)], ["f32", 1, 1]);
});

f16Test("operations that take no f16 refuse it, instead of reading it wrongly", (device) => {
  const x = fill(device, [4, 4], 0, "f16");
  const message = "Convert it with cast()";
  const labels = device.tensor([1, 2, 3, 0], { dtype: "u32" });
  const counter = device.state([1], "u32");
  const refused: ((device: Device) => unknown)[] = [
    () => softmax(x),
    () => bceWithLogits(x, 1),
    () => crossEntropy(x, labels),
    () => recordScalars(device.empty([2, 16]), counter, [x]),
    () => batchNorm(x, fill(device, [4], 1, "f16"), fill(device, [4], 1), { training: true }),
  ];
  for (const use of refused) assertThrows(() => use(device), TypeError, message);
  for (const scores of [logisticScores, relativisticScores]) {
    assertThrows(
      () => scores(x, [{ target: 1 }]),
      TypeError,
      "they must be f32, found f16. Convert them with cast()",
    );
  }
  assertThrows(() => quantizeImages(x), TypeError, "needs a tensor of f32, found f16");
  assertThrows(() => mul(x, fill(device, [4, 4], 1)), TypeError, "one element type, found f16 and f32");
});
