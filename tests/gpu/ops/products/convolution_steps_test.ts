/** Convolutions whose steps differ in both directions, or are dilated or in groups. */
import { assertEquals, assertThrows } from "@std/assert";
import { mostTaps } from "../../../../src/gpu/contraction/sums/steps.ts";
import { isGrouped } from "../../../../src/gpu/contraction/groups.ts";
import { conv2d, conv2dGeometry, conv2dReference } from "../../../../src/gpu/ops/products/conv2d.ts";
import {
  convTranspose2d,
  type Device,
  fill,
  gradients,
  type PerDirection,
  randomNormal,
  type Tensor,
} from "../../../../src/gpu/mod.ts";
import { convTranspose2dReference } from "../../../oracles/products.ts";
import { checkOp } from "../../../support/check_op.ts";
import { assertClose } from "../../../support/close.ts";
import { gpuTest } from "../../../support/gpu.ts";

interface Case {
  readonly channels: readonly [inputs: number, outputs: number];
  readonly kernel: readonly [number, number];
  readonly size: readonly [number, number];
  readonly stride?: PerDirection;
  readonly padding?: PerDirection;
  readonly dilation?: PerDirection;
  readonly groups?: number;
}

/** Strides and dilations with and without common divisors, channels that are multiples of four or not. */
const CASES: readonly Case[] = [
  { channels: [3, 5], kernel: [3, 5], size: [9, 12], stride: [1, 2], padding: [1, 2] },
  { channels: [4, 8], kernel: [5, 2], size: [11, 8], stride: [3, 1], padding: [2, 0] },
  { channels: [8, 4], kernel: [3, 3], size: [6, 7], padding: 2, dilation: 2 },
  { channels: [3, 6], kernel: [3, 3], size: [9, 9], stride: 2, padding: 2, dilation: 3 },
  { channels: [5, 4], kernel: [4, 2], size: [13, 12], stride: [4, 3], padding: [1, 0], dilation: [2, 3] },
  { channels: [4, 8], kernel: [2, 4], size: [7, 15], stride: [2, 3], padding: [0, 3], dilation: [1, 4] },
  { channels: [2, 9], kernel: [3, 3], size: [8, 8], stride: 2, padding: 2, dilation: 2 },
  { channels: [8, 8], kernel: [3, 3], size: [5, 4], stride: 2, padding: 1, groups: 2 },
  { channels: [6, 6], kernel: [3, 2], size: [4, 5], padding: [1, 0], dilation: [2, 1], groups: 6 },
  { channels: [6, 9], kernel: [4, 4], size: [4, 4], groups: 3 },
];

for (const { channels: [inputs, outputs], kernel, size, ...steps } of CASES) {
  const settings = Object.entries(steps).map(([name, value]) => `${name} ${value}`).join(", ");
  const name = `${inputs} to ${outputs} channels, kernel ${kernel}, ${size.join("x")}, ${settings}`;
  const { groups = 1, dilation = 1 } = steps;
  const weightShape = [...kernel, inputs / groups, outputs];

  gpuTest(`conv2d() and convTranspose2d() agree with their references: ${name}`, async (device) => {
    const shape = [2, ...size, inputs];
    using sized = fill(device, weightShape, 0);
    const g = conv2dGeometry({ shape }, sized, steps);
    await checkOp(device, {
      inputs: { x: { shape }, weight: { shape: weightShape }, bias: { shape: [outputs] } },
      halves: ["x", "weight"],
      op: ({ x, weight, bias }) => conv2d(x, weight, { ...steps, bias }),
      reference: ({ x, weight, bias }) =>
        conv2dReference(x, weight, g).map((value, at) => value + bias[at % outputs]!),
      shape: [2, g.outHeight, g.outWidth, outputs],
      tolerance: { relative: 1e-4, absolute: 1e-4 },
    });

    // The mirrored layer: rows and columns that no window reaches are its output padding
    const pair = (setting: PerDirection = 0) => typeof setting === "number" ? [setting, setting] : setting;
    const [stride, padding, apart] = [pair(steps.stride ?? 1), pair(steps.padding), pair(dilation)];
    const outputPadding = [g.outHeight, g.outWidth].map((extent, at) =>
      size[at]! - ((extent - 1) * stride[at]! - 2 * padding[at]! + apart[at]! * (kernel[at]! - 1) + 1)
    ) as [number, number];
    await checkOp(device, {
      inputs: {
        x: { shape: [2, g.outHeight, g.outWidth, outputs] },
        weight: { shape: weightShape },
        bias: { shape: [inputs] },
      },
      halves: ["x", "weight"],
      op: ({ x, weight, bias }) => convTranspose2d(x, weight, { ...steps, outputPadding, bias }),
      reference: ({ x, weight, bias }) =>
        convTranspose2dReference(x, weight, g).map((value, at) => value + bias[at % inputs]!),
      shape,
      tolerance: { relative: 1e-4, absolute: 2e-4 },
    });
  });
}

gpuTest("a dilated conv2d() of large images is one whose kernel has zeros in between", async (device) => {
  const [steps, kernel] = [{ stride: [2, 1], padding: [2, 3] } as const, [3, 2] as const];
  const x = randomNormal(device, [4, 64, 64, 32], { seed: 1 });
  const weight = randomNormal(device, [...kernel, 32, 64], { seed: 2 });
  const dilation = [2, 3] as const;
  const spread = await spreadOut(device, weight, dilation);
  const outputs = [conv2d(x, weight, { ...steps, dilation }), conv2d(x, spread, steps)];
  const seed = randomNormal(device, outputs[0]!.shape, { seed: 3 });
  const found = gradients([outputs[0]!], [x, weight], { seeds: [seed] });
  const expected = gradients([outputs[1]!], [x, spread], { seeds: [seed] });
  const [y, dx, dw, wantedY, wantedX, all] = await device.read([
    outputs[0]!,
    ...found,
    outputs[1]!,
    ...expected,
  ]);
  const near = { relative: 1e-4, absolute: 2e-3 };
  assertClose(y!, wantedY!, near, "result");
  assertClose(dx!, wantedX!, near, "gradient of x");
  const places = placesOf(kernel, dilation, 32 * 64);
  assertClose(
    dw!,
    places.map((place) => all![place]!),
    { relative: 1e-3, absolute: 0.1 },
    "gradient of the weight",
  );
});

/** Where each weight is in a kernel with zeros in between. */
function placesOf(
  [height, width]: readonly [number, number],
  [down, across]: readonly [number, number],
  each: number,
): number[] {
  const columns = (width - 1) * across + 1;
  return Array.from({ length: height * width * each }, (_, at) => {
    const tap = Math.floor(at / each);
    return (Math.floor(tap / width) * down * columns + tap % width * across) * each + at % each;
  });
}

/** A weight with zeros in between. */
async function spreadOut(
  device: Device,
  weight: Tensor,
  dilation: readonly [number, number],
): Promise<Tensor> {
  const [height, width, inputs, outputs] = weight.shape as [number, number, number, number];
  const shape = [(height - 1) * dilation[0] + 1, (width - 1) * dilation[1] + 1, inputs, outputs];
  const values = new Float32Array(shape.reduce((a, b) => a * b));
  const places = placesOf([height, width], dilation, inputs * outputs);
  for (const [at, value] of (await weight.data()).entries()) values[places[at]!] = value;
  return device.tensor(values, { shape });
}

gpuTest("conv2d() and convTranspose2d() name steps and groups that do not fit", (device) => {
  const x = fill(device, [1, 5, 5, 4], 1);
  const weight = fill(device, [3, 3, 4, 6], 1);
  const [option, fit] = ["must be a whole number of at least 1, or two of them", "must fit images of 5x5"];
  assertThrows(
    () => conv2d(x, weight, { stride: [1, 0] }),
    RangeError,
    `The stride of conv2d() ${option}, found [1, 0]`,
  );
  assertThrows(
    () => conv2d(x, weight, { dilation: 0.5 }),
    RangeError,
    `The dilation of conv2d() ${option}, found 0.5`,
  );
  assertThrows(() => conv2d(x, weight, { padding: [1, 2, 3] as never }), RangeError, "found [1, 2, 3]");
  assertThrows(
    () => conv2d(x, weight, { dilation: [3, 1] }),
    RangeError,
    `${fit} with padding 0, found 3x3 with dilation 3x1`,
  );
  assertThrows(
    () => conv2d(x, weight, { groups: 4 }),
    RangeError,
    "The groups of conv2d() must be a whole number that divides both numbers of channels, 4 and 6, found 4",
  );
  assertThrows(
    () => conv2d(x, weight, { groups: 2 }),
    RangeError,
    "must have 2 input channels, those of one of 2 groups, found 4",
  );
  assertThrows(
    () => convTranspose2d(x, fill(device, [3, 3, 6, 4], 1), { stride: 2, dilation: 2, outputPadding: 2 }),
    RangeError,
    "must be less than the stride or the dilation, found 2",
  );
});

Deno.test("mostTaps() counts the taps that a pixel sees, and isGrouped() one group as none", () => {
  const g = {
    ...{ images: 1, height: 9, width: 9, inputs: 1, outHeight: 1, outWidth: 1, outputs: 1 },
    ...{ kernelHeight: 5, kernelWidth: 5, stride: [4, 3], padding: 0, dilation: [2, 3], groups: 1 } as const,
  };
  assertEquals([mostTaps(g), isGrouped(g)], [[3, 5], false]);
});
