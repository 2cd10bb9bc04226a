import { assertEquals, assertThrows } from "@std/assert";
import {
  AUGMENTATION_KINDS,
  AUGMENTATION_PARAMETERS,
  type AugmentationKind,
  augmentImages,
  type AugmentImagesOptions,
  Device,
  gradients,
  linearAugmentation,
} from "../../../../src/gpu/mod.ts";
import { sizeOf } from "../../../../src/gpu/tensor/shape.ts";
import { augmentImagesReference, drawAugmentationReference } from "../../../oracles/augmentation.ts";
import { checkOp } from "../../../support/check_op.ts";
import { assertClose } from "../../../support/close.ts";
import { f16Test, gpuTest } from "../../../support/gpu.ts";
import { randomValues } from "../../../support/random.ts";

type Shape = readonly [batch: number, height: number, width: number, channels: number];

/** Random parameters for images of a size, row by row. */
function parametersFor([batch, height, width]: Shape, seed = 1): number[] {
  const rows = drawAugmentationReference(batch, { size: [height, width], seed }, 0);
  return rows.flatMap((row) => Object.values(row));
}

/** The values that change nothing. */
const STILL: readonly number[] = Object.values(AUGMENTATION_PARAMETERS);

function imagesOf([batch, height, width, channels]: Shape) {
  return { batch, height, width, channels };
}

const kindsTested: readonly (readonly AugmentationKind[])[] = [
  [],
  ["color"],
  ["flip"],
  ["translation"],
  ["cutout", "color"],
  AUGMENTATION_KINDS,
];

gpuTest("augmentImages() agrees with its reference, whatever the kinds", async (device) => {
  const withAlpha = [[3, 6, 4, 4], [2, 4, 7, 2], [2, 3, 5, 2]] as const;
  for (const shape of [[5, 8, 8, 3], [2, 9, 5, 1], [2, 3, 11, 4], ...withAlpha] as const) {
    const alpha = withAlpha.some((one) => one === shape);
    const parameters = parametersFor(shape);
    const given = device.tensor(parameters, { shape: [shape[0], STILL.length] });
    for (const kinds of kindsTested) {
      await checkOp(device, {
        inputs: { x: { shape, range: [-1, 1] } },
        halves: ["x"],
        op: ({ x }) => augmentImages(x, given, { kinds, alpha }),
        reference: ({ x }) => augmentImagesReference(x, imagesOf(shape), parameters, { kinds, alpha }),
        shape,
        halfGradientTolerance: { relative: 2 ** -10, absolute: 2 ** -11 },
      });
    }
  }
});

gpuTest("augmentImages() agrees with its reference at the sizes that people train", async (device) => {
  // Both have more values in an image than one workgroup adds up
  for (const shape of [[64, 64, 64, 3], [1, 512, 512, 4]] as const) {
    const alpha = shape[3] === 4;
    const parameters = parametersFor(shape, 2);
    const given = device.tensor(parameters, { shape: [shape[0], STILL.length] });
    const x = randomValues(sizeOf(shape), 3, [-1, 1]).map((value) => Math.fround(0.9 + 0.1 * value));
    const [flowing, direction] = [4, 5].map((seed) => randomValues(x.length, seed, [0, 1]));
    const images = device.tensor(x, { shape });
    const y = augmentImages(images, given, { alpha });
    const [gradient] = gradients([y], [images], { seeds: [device.tensor(flowing!, { shape })] });
    const [values, found] = await device.read([y, gradient!]);
    const expected = augmentImagesReference(x, imagesOf(shape), parameters, { alpha });
    const close = { relative: 1e-5, absolute: 2e-6 };
    assertClose(values!, expected, close, `${shape}`);
    // The augmentation is affine: its slope in a direction is a difference of any length
    const moved = x.map((value, i) => value + direction![i]!);
    const after = augmentImagesReference(moved, imagesOf(shape), parameters, { alpha });
    const slope = after.reduce((sum, value, i) => sum + flowing![i]! * (value - expected[i]!), 0);
    const along = direction!.reduce((sum, value, i) => sum + value * found![i]!, 0);
    assertClose([along], [slope], { relative: 1e-5, absolute: 0 }, `gradient of ${shape}`);
  }
});

gpuTest("augmentImages() with the parameters that change nothing keeps every bit", async (device) => {
  const shape = [2, 6, 5, 3];
  const x = device.tensor(randomValues(sizeOf(shape), 1, [-3, 3]), { shape });
  const y = augmentImages(x, device.tensor([STILL, STILL].map((row) => [...row])));
  const [found, given] = await device.read([y, x]);
  assertEquals(found, given);
});

f16Test("augmentImages() of f16 adds up means in 32 bits", async (device) => {
  // 12,288 values near 1: a sum in 16 bits would stop at 2,048
  const shape = [1, 64, 64, 3];
  const values = randomValues(sizeOf(shape), 1, [0.75, 1.25]);
  const x = device.tensor(values, { shape, dtype: "f16" });
  const [row] = [{ ...AUGMENTATION_PARAMETERS, contrast: 0 }];
  const y = augmentImages(x, device.tensor([Object.values(row!)]), { kinds: ["color"] });
  const mean = values.reduce((sum, value) => sum + value) / values.length;
  const [found] = await device.read([y]);
  assertClose(Array.from(found!), values.map(() => mean), { relative: 2 ** -11, absolute: 0 }, "means");
});

gpuTest("augmentImages() is the same on software adapters and on graphics cards", async (device) => {
  const shape = [3, 45, 70, 3] as const;
  const x = randomValues(sizeOf(shape), 1, [-1, 1]);
  const [software, hardware] = [true, false].map((software) =>
    new Device(device.gpu, { ...device.adapter, software }, device.capabilities)
  );
  const [expected, found] = await Promise.all([software!, hardware!].map(async (on) => {
    using _scope = on.scope();
    const images = on.tensor(x, { shape });
    const y = augmentImages(images, on.tensor(parametersFor(shape), { shape: [3, STILL.length] }));
    return await on.read([y, ...gradients([y], [images], { seeds: [images] })]);
  }));
  for (const [i, values] of expected!.entries()) {
    assertClose(found![i]!, values, { relative: 1e-5, absolute: 1e-6 }, i === 0 ? "images" : "gradients");
  }
  for (const on of [software!, hardware!]) on.ledger.destroyAll();
});

gpuTest("augmentImages() takes the rows from the first one on, and any cutout", async (device) => {
  const shape = [2, 6, 6, 3] as const;
  const parameters = parametersFor([5, 6, 6, 3]);
  const given = device.tensor(parameters, { shape: [5, STILL.length] });
  const x = randomValues(sizeOf(shape), 1, [-1, 1]);
  for (const options of [{ first: 3 }, { first: 1, cutout: [1, 4] }, { cutout: [6, 0] }] as const) {
    const y = augmentImages(device.tensor(x, { shape }), given, options);
    const expected = augmentImagesReference(x, imagesOf(shape), parameters, options);
    assertClose(
      await y.data(),
      expected,
      { relative: 1e-5, absolute: 1e-6 },
      JSON.stringify(options),
    );
  }
});

gpuTest("linearAugmentation() is the augmentation without brightness, and its transpose", async (device) => {
  const shape = [4, 8, 8, 3];
  const parameters = device.tensor(parametersFor([4, 8, 8, 3], 5), { shape: [4, STILL.length] });
  const [x, g, zero] = [1, 2, 0].map((seed) =>
    device.tensor(randomValues(sizeOf(shape), seed, seed === 0 ? [0, 0] : [-1, 1]), { shape })
  );
  for (const kinds of kindsTested) {
    const { apply, transposed } = linearAugmentation(parameters, { kinds });
    const augment = (images: typeof x) => augmentImages(images!, parameters, { kinds });
    const [linear, back, full, offset, gradient] = await device.read([
      apply(x!),
      transposed(g!),
      augment(x),
      augment(zero),
      gradients([augment(x)], [x!], { seeds: [g!] })[0]!,
    ]);
    const tolerance = { relative: 1e-5, absolute: 1e-6 };
    assertClose(linear!, Array.from(full!, (value, i) => value - offset![i]!), tolerance, `${kinds}`);
    assertEquals(back, gradient);
  }
});

gpuTest("augmentImages() leaves nothing but its result", async (device) => {
  // An image of several sums, one of none, and ones of a single one
  for (const shape of [[1, 128, 128, 3], [2, 5, 5, 1], [2, 1, 1, 1], [3, 8, 8, 3]] as const) {
    using x = device.tensor(randomValues(sizeOf(shape), 1, [-1, 1]), { shape });
    using parameters = device.tensor(parametersFor(shape), { shape: [shape[0], STILL.length] });
    await device.read([x]);
    device.trim();
    const before = device.ledger.read().buffers;
    {
      using y = augmentImages(x, parameters);
      const [gradient] = gradients([y], [x], { seeds: [x] });
      await device.read([y, gradient!]);
      gradient!.dispose();
    }
    device.trim();
    assertEquals(device.ledger.read().buffers, before, `${shape}`);
  }
});

gpuTest("augmentImages() explains what it needs", (device) => {
  const x = device.tensor(new Float32Array(32), { shape: [2, 4, 4, 1] });
  const rows = (count: number) => device.tensor(Array.from({ length: count }, () => [...STILL]));
  const refused = (options: unknown, message: string, parameters = rows(2)) =>
    assertThrows(
      () => augmentImages(x, parameters, options as AugmentImagesOptions),
      RangeError,
      message,
    );
  refused({ kinds: ["colour"] }, "Cannot augment images: the kinds must be different ones of color, flip, ");
  refused({ kinds: ["color", "color"] }, 'found ["color","color"]');
  refused({ alpha: true }, "with alpha they must have 2 or 4 channels, found shape [2, 4, 4, 1]");
  refused({ first: 1 }, "a row for each of 2 images, from row 1 on, found shape [2, 8]");
  refused({ first: -1 }, "the first row must be a whole number of at least 0 and below 2^20, found -1");
  refused({ cutout: [1.5, 1] }, "the height of the cutout must be a whole number");
  refused({}, "a row for each of 2 images, found shape [1, 8]", rows(1));
  refused({}, "found shape [2, 3]", device.tensor([[1, 2, 3], [4, 5, 6]]));
  const words = device.tensor(new Uint32Array(16), { shape: [2, 8], dtype: "u32" });
  assertThrows(() => augmentImages(x, words), TypeError, "the parameters must be of f32, found u32");
  assertThrows(() => augmentImages(device.tensor([1]), rows(1)), RangeError, "needs images of shape");
  const maps = device.tensor([1, 2, 3, 4, 5], { shape: [1, 1, 1, 5] });
  assertThrows(() => augmentImages(maps, rows(1)), RangeError, "1 to 4 channels, found shape [1, 1, 1, 5]");
});
