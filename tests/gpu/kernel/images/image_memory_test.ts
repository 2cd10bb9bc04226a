import { assertEquals, assertStringIncludes } from "@std/assert";
import type { FloatHolder } from "../../../../src/gpu/kernel/float_memory.ts";
import { floatReader } from "../../../../src/gpu/kernel/images/float_reader.ts";
import {
  imageLoad,
  imageType,
  isImage,
  ROW_BYTES,
  texelsOf,
  textureRows,
} from "../../../../src/gpu/kernel/images/image_memory.ts";
import { defineKernel } from "../../../../src/gpu/kernel/kernel.ts";

const WITH = { capabilities: { int64: true, images: true } };
const WITHOUT = { capabilities: { int64: true, images: false } };

Deno.test("isImage() wants an adapter on which that is faster, floats of 32 bits, and a size that fits", () => {
  const most = ROW_BYTES * 8192 / 4;
  const cases: [FloatHolder, boolean][] = [
    [{ dtype: "f32", device: WITH, size: 4 }, true],
    [{ dtype: "f32", device: WITH, size: most }, true],
    [{ dtype: "f32", device: WITH, size: most + 1 }, false],
    [{ dtype: "f32", device: WITH }, false],
    [{ dtype: "f16", device: WITH, size: 4 }, false],
    [{ dtype: "u32", device: WITH, size: 4 }, false],
    [{ dtype: "f32", device: WITHOUT, size: 4 }, false],
    [{ dtype: "f32", size: 4 }, false],
  ];
  for (const [holder, expected] of cases) assertEquals(isImage(holder), expected, JSON.stringify(holder));
});

Deno.test("floatReader() reads an image where a tensor is one, and its buffer elsewhere", () => {
  const one = floatReader("x", { dtype: "f32", device: WITH, size: 8 }, "f32");
  assertEquals([one.access, one.array, one.load("7u")], [
    "image",
    "texture_storage_2d<r32float, read>",
    "textureLoad(x, place_of_one(7u)).x",
  ]);
  const four = floatReader("x", { dtype: "f32", device: WITH, size: 8 }, "vec4f");
  assertEquals([four.access, four.array, four.load("1u")], [
    "image",
    "texture_storage_2d<rgba32float, read>",
    "textureLoad(x, place_of_four(1u))",
  ]);
  const plain = floatReader("x", { dtype: "f32" }, "vec4f");
  assertEquals([plain.access, plain.array, plain.load("1u")], ["read", "array<vec4f>", "x[1u]"]);
});

Deno.test("kernels declare how to find the texels that they read, and no others", () => {
  const codeOf = (width: "f32" | "vec4f") =>
    defineKernel({
      label: "one",
      bindings: { x: ["image", imageType(width)], y: ["write", "array<f32>"] },
      body: `  y[0] = ${imageLoad("x", width, "5u")}${width === "f32" ? "" : ".x"};`,
    }).code;
  assertStringIncludes(codeOf("f32"), "@group(0) @binding(0) var x: texture_storage_2d<r32float, read>;");
  assertStringIncludes(codeOf("f32"), "vec2u(i & 4095u, i >> 12u)");
  assertStringIncludes(codeOf("vec4f"), "vec2u(i & 1023u, i >> 10u)");
  assertEquals(codeOf("vec4f").includes("place_of_one"), false);
  assertEquals(codeOf("f32").includes("place_of_four"), false);
});

Deno.test("texelsOf() knows both kinds of images by their types", () => {
  assertEquals([texelsOf(imageType("f32")).bytes, texelsOf(imageType("vec4f")).bytes], [4, 16]);
  assertEquals(texelsOf(imageType("f32")).format, "r32float");
});

Deno.test("textureRows() is as many or more, and a power of two only where there are no more", () => {
  const rows = [1, 2, 3, 4, 5, 8, 200, 1024, 4096, 8191, 8192];
  assertEquals(rows.map(textureRows), [3, 3, 3, 5, 5, 9, 200, 1025, 4097, 8191, 8192]);
});
