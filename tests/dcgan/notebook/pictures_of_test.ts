import { assertEquals, assertRejects } from "@std/assert";
import { picturesOf } from "../../../src/dcgan/notebook/pictures_of.ts";
import { f16Test, gpuTest } from "../../support/gpu.ts";

gpuTest("picturesOf() reads floats in [-1, 1] or another range, and bytes as they are", async (device) => {
  const numbers = [-1, 0, 0.5, 1, -7, 7];
  const x = device.tensor(numbers, { shape: [2, 1, 3, 1] });
  assertEquals(await picturesOf(x), {
    width: 3,
    height: 1,
    channels: 1,
    data: Uint8Array.of(0, 128, 191, 255, 0, 255),
  });
  const unit = await picturesOf(x, { range: [0, 1] });
  assertEquals([...unit.data], [0, 0, 128, 255, 0, 255]);
  const wide = await picturesOf(x, { range: [-7, 7] });
  assertEquals([...wide.data], [109, 128, 137, 146, 0, 255]);
  const bytes = device.tensor([0, 1, 254, 255], { shape: [1, 1, 4], dtype: "u8" });
  assertEquals(await picturesOf(bytes), {
    width: 1,
    height: 1,
    channels: 4,
    data: Uint8Array.of(0, 1, 254, 255),
  });
  // What it was made of is still there
  assertEquals([...await x.data()], numbers);
});

f16Test("picturesOf() reads floats of 16 bits", async (device) => {
  const x = device.tensor([-1, 0, 0.5, 1], { shape: [2, 2, 1], dtype: "f16" });
  assertEquals([...(await picturesOf(x)).data], [0, 128, 191, 255]);
});

gpuTest("picturesOf() refuses what is no images, and says why", async (device) => {
  const of = (values: number[], shape: number[], dtype: "f32" | "u8" | "u32" = "f32") =>
    device.tensor(values, { shape, dtype });
  const refusals = [
    [
      of([1, 2], [2]),
      {},
      RangeError,
      "Cannot make pictures: the tensor must have the shape [N, H, W, C] or [H, W, C] with 1 to 4 channels, found [2]",
    ],
    [of([1, 2, 3, 4, 5], [1, 1, 5]), {}, RangeError, "found [1, 1, 5]"],
    [of([1], [1, 1, 1, 1, 1]), {}, RangeError, "found [1, 1, 1, 1, 1]"],
    [of([1], [1, 1, 1], "u32"), {}, TypeError, "must be of f32, f16 or u8, found u32"],
    [of([1], [1, 1, 1], "u8"), { range: [0, 1] }, TypeError, "a tensor of u8 has no range"],
    [of([1], [1, 1, 1]), { range: [1, 1] }, RangeError, "the smaller first, found [1, 1]"],
    [of([1], [1, 1, 1]), { range: [0, Infinity] }, RangeError, "found [0, Infinity]"],
    [of([1], [1, 1, 1]), { rnage: [0, 1] }, TypeError, "Did you mean 'range'?"],
    [of([1, 2, NaN, 4], [4, 1, 1, 1]), {}, RangeError, "found NaN or infinity in image 2"],
    [of([1, -Infinity], [2, 1, 1]), {}, RangeError, "found NaN or infinity in the image"],
  ] as const;
  for (const [x, options, kind, message] of refusals) {
    await assertRejects(() => picturesOf(x, options as never), kind, message);
  }
});
