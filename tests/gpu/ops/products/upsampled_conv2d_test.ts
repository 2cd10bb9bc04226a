import { assertEquals, assertThrows } from "@std/assert";
import { conv2d, upsampledConv2d, upsampleNearest } from "../../../../src/gpu/mod.ts";
import { gradients } from "../../../../src/gpu/autograd/gradients.ts";
import { assertClose } from "../../../support/close.ts";
import { f16Test, gpuTest } from "../../../support/gpu.ts";
import { randomValues } from "../../../support/random.ts";

const CASES = [
  { scale: 2, kernel: [3, 3], padding: 1 },
  { scale: 2, kernel: [3, 3], padding: 0 },
  { scale: 2, kernel: [5, 5], padding: 2 },
  { scale: 2, kernel: [4, 2], padding: [3, 1] },
  { scale: 3, kernel: [3, 3], padding: 1 },
  { scale: 5, kernel: [2, 3], padding: [0, 2] },
  { scale: 2, kernel: [1, 1], padding: 0 },
  // Kernels that are too large to be written out
  { scale: 7, kernel: [3, 3], padding: 1 },
  // The larger images are made
  { scale: 1, kernel: [3, 3], padding: 1 },
  { scale: 2, kernel: [3, 3], padding: 3 },
  { scale: 2, kernel: [3, 3], padding: 1, stride: 2 },
  { scale: 2, kernel: [3, 3], padding: 1, dilation: 2 },
  { scale: 2, kernel: [3, 3], padding: 1, groups: 2 },
] as const;

gpuTest("upsampledConv2d() is a convolution of larger images, with the same gradients", async (device) => {
  for (const { kernel, ...options } of CASES) {
    const { groups = 1 } = options as { groups?: number };
    using _scope = device.scope();
    const tensor = (shape: readonly number[], seed: number) =>
      device.tensor(randomValues(shape.reduce((a, b) => a * b), seed, [-1, 1]), { shape: [...shape] });
    const [x, weight] = [tensor([3, 5, 4, 6], 1), tensor([...kernel, 6 / groups, 8], 2)];
    const bias = tensor([8], 3);
    const activation = { type: "leaky_relu", slope: 0.2 } as const;
    const results = (op: typeof upsampledConv2d) => {
      const [first, second] = [
        op(x, weight, { ...options, bias, activation }),
        op(x, weight, { ...options, bias, activation }),
      ];
      const seeds = [tensor(first.shape, 4), tensor(first.shape, 5)];
      return [first, ...gradients([first, second], [x, weight, bias], { seeds })];
    };
    const expected = await device.read(
      results((x, weight, { scale, ...rest }) => conv2d(upsampleNearest(x, scale), weight, rest)),
    );
    const found = await device.read(results(upsampledConv2d));
    using program = device.program({}, () => results(upsampledConv2d));
    program.run();
    for (const [i, values] of (await device.read(program.outputs)).entries()) {
      const name = `result ${i} of ${JSON.stringify({ kernel, ...options })}`;
      assertClose(found[i]!, expected[i]!, { relative: 1e-5, absolute: 5e-5 }, name);
      assertEquals(values, found[i], `${name}, in a program`);
    }
  }
});

f16Test("upsampledConv2d() works with weights and images of 16 bits", async (device) => {
  const tensor = (shape: number[], seed: number, dtype: "f32" | "f16") =>
    device.tensor(randomValues(shape.reduce((a, b) => a * b), seed, [-1, 1]), { shape, dtype });
  const [x, weight] = [tensor([2, 4, 4, 8], 1, "f16"), tensor([3, 3, 8, 4], 2, "f16")];
  const options = { scale: 2, padding: 1, dtype: "f32" } as const;
  const found = upsampledConv2d(x, weight, options);
  const { scale, ...rest } = options;
  const expected = conv2d(upsampleNearest(x, scale), weight, rest);
  const [a, b] = await device.read([found, expected]);
  assertClose(a!, b!, { relative: 1e-4, absolute: 1e-4 }, "result");
  const [dx, dw] = gradients([found], [x, weight]);
  assertEquals([dx!.dtype, dw!.dtype], ["f16", "f16"]);
});

gpuTest("upsampledConv2d() explains what does not fit", (device) => {
  const x = device.empty([1, 4, 4, 3]);
  assertThrows(
    () => upsampledConv2d(x, device.empty([3, 3, 2, 4]), { scale: 2 }),
    RangeError,
    "must have 3 input channels, as x has, found 2",
  );
  assertThrows(() => upsampledConv2d(x, device.empty([3, 3, 3, 4]), { scale: 0 }), RangeError, "whole scale");
});
