import { assertEquals, assertThrows } from "@std/assert";
import { normalizeImages, quantizeImages } from "../../../../src/gpu/mod.ts";
import { sizeOf } from "../../../../src/gpu/tensor/shape.ts";
import { normalizeImagesReference, quantizeImagesReference } from "../../../oracles/images.ts";
import { assertClose } from "../../../support/close.ts";
import { gpuTest } from "../../../support/gpu.ts";
import { randomValues } from "../../../support/random.ts";

const BYTES = Uint8Array.from({ length: 256 }, (_, value) => value);

gpuTest("normalizeImages() maps bytes to -1 to 1, both ends exact", async (device) => {
  const values = await normalizeImages(device.tensor(BYTES, { dtype: "u8" })).data();
  assertClose(values, normalizeImagesReference(BYTES), { relative: 1e-7, absolute: 0 }, "values");
  assertEquals([values[0], values[255]], [-1, 1]);
});

gpuTest("quantizeImages() undoes normalizeImages(), whatever the shape", async (device) => {
  for (const shape of [[1], [5, 1, 3, 1], [1, 3, 3, 3], [2, 130]]) {
    const bytes = Uint8Array.from({ length: sizeOf(shape) }, (_, index) => index * 37);
    const back = quantizeImages(normalizeImages(device.tensor(bytes, { dtype: "u8", shape })));
    assertEquals(back.dtype, "u8");
    assertEquals(back.shape, shape);
    assertEquals((await device.read([back]))[0], bytes);
  }
});

gpuTest("quantizeImages() clamps and rounds halves to even", async (device) => {
  const x = Float64Array.of(-Infinity, -7, -1, -1 + 1 / 255, -0, 0, 1 / 255, 1, 1.1, 1e30, Infinity);
  const values = Float64Array.from([...x, ...randomValues(1000, 1, [-1.1, 1.1])], Math.fround);
  const [bytes] = await device.read([quantizeImages(device.tensor(values))]);
  assertEquals([...bytes!.slice(0, 6)], [0, 0, 0, 0, 128, 128]);
  assertEquals(bytes, quantizeImagesReference(values));
});

gpuTest("normalizeImages() and quantizeImages() explain which type they need", (device) => {
  assertThrows(() => normalizeImages(device.tensor([1])), TypeError, "needs a tensor of u8, found f32");
  const bytes = device.tensor([1], { dtype: "u8" });
  assertThrows(() => quantizeImages(bytes), TypeError, "needs a tensor of f32, found u8");
});
