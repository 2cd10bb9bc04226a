/** Kernels written from parts, as text: no GPU is needed. */
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import type { Device } from "../../../src/gpu/device/device.ts";
import { each, f32, i32, kernelOf, read, u32, update, write } from "../../../src/gpu/kernel/run_kernel.ts";
import { Storage } from "../../../src/gpu/memory/storage.ts";
import type { DType } from "../../../src/gpu/tensor/dtype.ts";
import { Tensor } from "../../../src/gpu/tensor/tensor.ts";

function tensorOf(dtype: DType): Tensor {
  const device = { capabilities: { int64: false } } as unknown as Device;
  return new Tensor(device, [4], dtype, new Storage(16));
}

const empty = { label: "test", body: "", grid: [1, 1, 1] } as const;

Deno.test("kernelOf() writes buffers, uniforms and declarations in the order of the parts, its own last", () => {
  const first = {
    buffers: { x: read(tensorOf("f32"), "vec4f") },
    uniforms: { count: u32(3) },
    declarations: "const A = 1;",
  };
  const kernel = kernelOf({
    label: "scale",
    parts: [first],
    buffers: { y: write(tensorOf("f32")), seen: update(tensorOf("u32"), "array<atomic<u32>>") },
    uniforms: { shift: i32(-1), ...each(f32, { factor: 0.5, bias: 2 }) },
    declarations: "const B = 2;",
    workgroup: 8,
    grid: [1, 1, 1],
    body: "  y[index] = 1.0;",
  });
  assertEquals(kernel.bindings, [
    ["x", "read", "array<vec4f>"],
    ["y", "write", "array<f32>"],
    ["seen", "update", "array<atomic<u32>>"],
  ]);
  assertStringIncludes(kernel.code, "struct Params { count: u32, shift: i32, factor: f32, bias: f32, }");
  assertStringIncludes(kernel.code, "const A = 1;\nconst B = 2;\n@compute @workgroup_size(8, 1, 1)");
});

Deno.test("read() takes the element type from the tensor", () => {
  assertEquals(read(tensorOf("f32")).array, "array<f32>");
  assertEquals(read(tensorOf("f16")).array, "array<f16>");
  assertEquals(read(tensorOf("f16")).load("x[i]"), "f32(x[i])");
  assertEquals(read(tensorOf("u8")).array, "array<u32>");
  assertThrows(() => read(tensorOf("u32"), "vec4f"), TypeError, "f32 or f16");
});

Deno.test("kernelOf() adds up the iterations of parts that declare them", () => {
  assertEquals(kernelOf(empty).iterations, undefined);
  const parts = [{ iterations: 3 }, {}, { iterations: 4 }];
  assertEquals(kernelOf({ ...empty, parts, iterations: 5 }).iterations?.({}), 12);
});

Deno.test("kernelOf() refuses a name that two parts have", () => {
  const uniforms = { n: u32(1) };
  assertThrows(
    () => kernelOf({ ...empty, parts: [{ uniforms }], uniforms }),
    TypeError,
    "uniforms named 'n'",
  );
  const buffers = { x: read(tensorOf("f32")) };
  assertThrows(() => kernelOf({ ...empty, parts: [{ buffers }], buffers }), TypeError, "buffers named 'x'");
});
