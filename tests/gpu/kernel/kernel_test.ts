import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { defineKernel, linearGrid } from "../../../src/gpu/kernel/kernel.ts";
import { checkAliases, type Launch, uniformBytes, writeUniforms } from "../../../src/gpu/kernel/launch.ts";
import { Storage } from "../../../src/gpu/memory/storage.ts";

const KERNEL = defineKernel({
  label: "scale",
  bindings: { x: ["read", "array<vec4f>"], y: ["write", "array<vec4f>"] },
  uniforms: { quads: "u32", shift: "i32", factor: "f32" },
  workgroup: [8, 4, 2],
  declarations: "const ONE = 1.0;",
  body: "  y[index] = x[index] * params.factor * ONE;",
});

function launch(x: Storage, y: Storage): Launch {
  return { kernel: KERNEL, storages: [x, y], uniforms: [7, -2, 0.5], workgroups: [1, 1, 1] };
}

Deno.test("defineKernel() declares buffers in order, then the uniforms", () => {
  assertStringIncludes(KERNEL.code, "@group(0) @binding(0) var<storage, read> x: array<vec4f>;");
  assertStringIncludes(KERNEL.code, "@group(0) @binding(1) var<storage, read_write> y: array<vec4f>;");
  assertStringIncludes(KERNEL.code, "@group(0) @binding(2) var<uniform> params: Params;");
  assertStringIncludes(KERNEL.code, "struct Params { quads: u32, shift: i32, factor: f32, }");
  assertStringIncludes(KERNEL.code, "@compute @workgroup_size(8, 4, 2)");
  assertStringIncludes(KERNEL.code, "* 64u + thread;");
  assertStringIncludes(KERNEL.code, "const ONE = 1.0;");
  assertEquals(KERNEL.bindings, [["x", "read", "array<vec4f>"], ["y", "write", "array<vec4f>"]]);
});

Deno.test("defineKernel() gives equal text for equal specs, whatever the label", () => {
  const spec = { bindings: { y: ["write", "array<f32>"] as const }, body: "  y[index] = 1.0;" };
  const [a, b] = [defineKernel({ label: "a", ...spec }), defineKernel({ label: "b", ...spec })];
  assertEquals(a.code, b.code);
  assertEquals(a.subgroups, false);
  assertEquals(a.uniforms, []);
});

Deno.test("defineKernel() adds the subgroup's lane where it is used", () => {
  const spec = {
    label: "lanes",
    bindings: { y: ["write", "array<u32>"] as const },
    body: "  y[index] = lane;",
  };
  assertStringIncludes(
    defineKernel({ ...spec, subgroups: true }).code,
    "@builtin(subgroup_invocation_id) lane: u32",
  );
});

Deno.test("linearGrid() covers all threads and folds past the portable limit", () => {
  assertEquals(linearGrid(1), [1, 1, 1]);
  assertEquals(linearGrid(64), [1, 1, 1]);
  assertEquals(linearGrid(65), [2, 1, 1]);
  assertEquals(linearGrid(256, 256), [1, 1, 1]);
  assertEquals(linearGrid(65535 * 64), [65535, 1, 1]);
  for (const threads of [65535 * 64 + 1, 2 ** 25, 10 ** 9]) {
    const [x, y, z] = linearGrid(threads);
    assertEquals([x, z], [65535, 1]);
    assertEquals(x * y * 64 >= threads && x * (y - 1) * 64 < threads, true);
  }
});

Deno.test("writeUniforms() writes each type little-endian", () => {
  const view = new DataView(new ArrayBuffer(32));
  assertEquals(uniformBytes(KERNEL), 16);
  writeUniforms(launch(new Storage(16), new Storage(16)), view, 16);
  assertEquals([view.getUint32(16, true), view.getInt32(20, true), view.getFloat32(24, true)], [7, -2, 0.5]);
  assertEquals(view.getUint32(0, true), 0);
});

Deno.test("checkAliases() finds a buffer read and written at once, through slices too", () => {
  const base = new Storage(1024);
  const slices = [0, 512].map((offset) => new Storage(256, { parent: base, offset }));
  checkAliases(launch(base, new Storage(1024)));
  assertThrows(() => checkAliases(launch(base, base)), Error, "would read 'x' and write 'y' in one buffer");
  assertThrows(() => checkAliases(launch(slices[0]!, slices[1]!)), Error, "Kernel 'scale'");
});

Deno.test("checkAliases() allows one buffer to be read twice", () => {
  const kernel = defineKernel({
    label: "square",
    bindings: { a: ["read", "array<f32>"], b: ["read", "array<f32>"], y: ["write", "array<f32>"] },
    body: "  y[index] = a[index] * b[index];",
  });
  const x = new Storage(64);
  checkAliases({ kernel, storages: [x, x, new Storage(64)], uniforms: [], workgroups: [1, 1, 1] });
});
