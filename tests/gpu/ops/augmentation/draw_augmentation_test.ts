import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  AUGMENTATION_KINDS,
  AUGMENTATION_PARAMETERS,
  drawAugmentation,
  type DrawAugmentationOptions,
} from "../../../../src/gpu/mod.ts";
import { drawAugmentationReference } from "../../../oracles/augmentation.ts";
import { assertClose } from "../../../support/close.ts";
import { gpuTest } from "../../../support/gpu.ts";

const exact = { relative: 1e-6, absolute: 1e-7 };

gpuTest("drawAugmentation() draws what the host draws, in each run of a program", async (device) => {
  const probability = device.state([1]);
  for (const kinds of [AUGMENTATION_KINDS, ["cutout"], ["color"]] as const) {
    const counter = device.state([1], "u32");
    const how = { size: [16, 11], kinds, seed: 2 ** 33 + 5, stream: 4 } as const;
    using program = device.program({}, () => drawAugmentation(device, 70, { ...how, probability, counter }));
    for (const [step, chance] of [[0, 1], [1, 0.3], [2, 0]] as const) {
      probability.set([chance]);
      program.run();
      const rows = drawAugmentationReference(70, { ...how, probability: chance }, step);
      const expected = rows.flatMap((row) => Object.values(row));
      assertClose(await program.outputs.data(), expected, exact, `step ${step} of ${kinds}`);
    }
    const alone = await drawAugmentation(device, 3, { ...how, probability: 0.3, counter: 1 }).data();
    const rows = drawAugmentationReference(3, { ...how, probability: 0.3 }, 1);
    assertClose(alone, rows.flatMap((row) => Object.values(row)), exact, "outside of a program");
  }
});

gpuTest("drawAugmentation() keeps the ranges and shares of DiffAugment", async (device) => {
  const count = 20_000;
  const names = Object.keys(AUGMENTATION_PARAMETERS) as (keyof typeof AUGMENTATION_PARAMETERS)[];
  const drawn = async (probability: number) => {
    const values = await drawAugmentation(device, count, { size: [32, 64], probability, seed: 1 }).data();
    return Object.fromEntries(
      names.map((name, column) => [
        name,
        Array.from({ length: count }, (_, row) => values[row * names.length + column]!),
      ]),
    ) as Record<typeof names[number], number[]>;
  };
  const always = await drawn(1);
  const expected = {
    brightness: [-0.5, 0.5],
    saturation: [0, 2],
    contrast: [0.5, 1.5],
    flip: [0, 1],
    shift_y: [-4, 4],
    shift_x: [-8, 8],
    cut_y: [-8, 24],
    cut_x: [-16, 48],
  };
  for (const name of names) {
    const values = always[name];
    const [low, high] = expected[name] as [number, number];
    const [least, most] = [Math.min(...values), Math.max(...values)];
    assert(least >= low && most <= high, `${name} from ${least} to ${most}`);
    const mean = values.reduce((sum, value) => sum + value) / count;
    const slack = 4 * (high - low) / Math.sqrt(12 * count);
    assert(Math.abs(mean - (low + high) / 2) < Math.max(slack, 0.02 * (high - low)), `mean ${name}: ${mean}`);
    if (name.includes("_")) assertEquals([least, most, new Set(values).size], [low, high, high - low + 1]);
  }
  const seldom = await drawn(0.25);
  const changed = (name: typeof names[number]) =>
    seldom[name].filter((value) => value !== AUGMENTATION_PARAMETERS[name]).length / count;
  for (const name of ["brightness", "saturation", "contrast", "cut_y", "cut_x"] as const) {
    assert(Math.abs(changed(name) - 0.25) < 0.02, `${name} ${changed(name)}`);
  }
  assert(Math.abs(changed("flip") - 0.125) < 0.02);
  // Both shifts are of one transformation, and so are both places of a cut
  for (let row = 0; row < count; row++) {
    assertEquals(seldom.cut_y[row] === 2 ** 20, seldom.cut_x[row] === 2 ** 20);
  }
});

gpuTest("drawAugmentation() explains what it needs", (device) => {
  const refused = (
    options: unknown,
    message: string,
    kind: typeof RangeError | typeof TypeError = RangeError,
  ) =>
    assertThrows(
      () =>
        drawAugmentation(device, 2, {
          size: [8, 8],
          seed: 1,
          ...options as Partial<DrawAugmentationOptions>,
        }),
      kind,
      message,
    );
  refused({ kinds: ["crop"] }, "Cannot draw an augmentation: the kinds must be different ones of");
  refused({ size: [0, 8] }, "the height must be a whole number above 0 and below 2^20, found 0");
  for (const probability of [-0.1, 1.1, NaN]) {
    refused({ probability }, `the probability must be from 0 to 1, found ${probability}`);
  }
  refused({ probability: device.tensor([1, 2]) }, "must be a number or one f32, found f32 [2]", TypeError);
  refused({ counter: device.tensor([1]) }, "counter must be a number or a u32 tensor", TypeError);
});
