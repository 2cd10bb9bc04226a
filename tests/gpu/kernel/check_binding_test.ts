import { assertEquals, assertThrows } from "@std/assert";
import { elementTypesOf } from "../../../src/gpu/kernel/check_binding.ts";
import { add, Device, mse, type Tensor } from "../../../gpu.ts";
import { defineKernel } from "../../../src/gpu/kernel/kernel.ts";
import { gpuTest } from "../../support/gpu.ts";

Deno.test("elementTypesOf() says what a WGSL type is read from", () => {
  for (const type of ["f32", "vec2f", "vec4f", "vec4<f32>", "int64_f32x4"]) {
    assertEquals(elementTypesOf(`array<${type}>`), ["f32"], type);
  }
  for (const type of ["f16", "f16x4", "int64_f16x4", "vec4<f16>", "vec4h"]) {
    assertEquals(elementTypesOf(`array<${type}>`), ["f16"], type);
  }
  for (const type of ["u32", "i32", "vec2u", "vec4i", "vec4<u32>", "atomic<u32>"]) {
    assertEquals(elementTypesOf(`array<${type}>`), ["u32", "u8"], type);
  }
});

gpuTest("Device.launch() refuses tensors of another element type than the kernel's", (device) => {
  const integers = device.tensor([1, 2, 3, 4], { dtype: "u32" });
  assertThrows(() => mse(integers, 0), TypeError, "found a tensor of u32. Pass a tensor of f32");
  const kernel = defineKernel({
    label: "count",
    bindings: { counter: ["update", "array<atomic<u32>>"] },
    body: "  atomicAdd(&counter[0], 1u);",
  });
  const launch = (counter: Tensor) => device.launch(kernel, { counter }, {}, [1, 1, 1]);
  const error = assertThrows(() => launch(device.tensor([0])), TypeError);
  assertEquals(
    error.message,
    "Kernel 'count' needs 'counter' as array<atomic<u32>>, found a tensor of f32. " +
      "Pass a tensor of u32 or u8",
  );
  launch(integers);
});

gpuTest("Device.launch() refuses tensors of another device", async (device) => {
  const other = new Device(device.gpu, device.adapter, device.capabilities);
  const foreign = other.tensor([1, 2]);
  assertThrows(
    () => add(device.tensor([1, 2]), foreign),
    TypeError,
    "on its own device, found a tensor of another device",
  );
  assertEquals([...await add(foreign, 1).data()], [2, 3]);
  other.ledger.destroyAll();
});
