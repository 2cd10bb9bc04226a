import { assertEquals } from "@std/assert";
import { memoryOf } from "../../../src/gpu/kernel/float_memory.ts";
import { batchNorm, conv2d, convTranspose2d, Device, leakyRelu, type Tensor } from "../../../src/gpu/mod.ts";
import { defineKernel } from "../../../src/gpu/kernel/kernel.ts";
import { gradients } from "../../../src/gpu/autograd/gradients.ts";
import { gpuTest } from "../../support/gpu.ts";
import { randomValues } from "../../support/random.ts";

function kernelOf(dtype: "f32" | "f16", int64: boolean): string {
  const memory = memoryOf({ dtype, device: { capabilities: { int64, images: false } } }, "vec4f");
  return defineKernel({
    label: "copy",
    bindings: { x: ["read", memory.array], y: ["write", memory.array] },
    body: `  y[index] = ${memory.store(memory.load("x[index]"))};`,
  }).code;
}

Deno.test("kernels have integers of 64 bits only where the device can move them", () => {
  for (const dtype of ["f32", "f16"] as const) {
    assertEquals([kernelOf(dtype, true).includes("u64"), kernelOf(dtype, false).includes("u64")], [
      true,
      false,
    ]);
  }
});

gpuTest("operations give the same bytes with and without integers of 64 bits", async (device) => {
  const plain = new Device(device.gpu, device.adapter, { ...device.capabilities, int64: false });
  assertEquals(await passOf(plain), await passOf(device));
  plain.ledger.destroyAll();
});

/** Two layers forth and back, of sizes that are read in fours. */
async function passOf(device: Device): Promise<Float32Array[]> {
  using _scope = device.scope();
  const random = (shape: readonly number[], seed: number): Tensor => {
    const size = shape.reduce((product, extent) => product * extent, 1);
    return device.tensor(randomValues(size, seed, [-1, 1]), { shape });
  };
  const [x, down, up] = [random([4, 8, 8, 4], 1), random([4, 4, 4, 132], 2), random([4, 4, 8, 132], 3)];
  const [weight, bias] = [random([132], 4), random([132], 5)];
  const options = { stride: 2, padding: 1 };
  const features = batchNorm(conv2d(x, down, options), weight, bias, { training: true });
  const y = convTranspose2d(leakyRelu(features, 0.2), up, options);
  const wanted = gradients([y], [x, down, up, weight, bias], { seeds: [random(y.shape, 6)] });
  return await device.read([y, ...wanted]) as Float32Array[];
}
