import { assertEquals } from "@std/assert";
import { batchNorm, type Device, type Tensor } from "../../../../src/gpu/mod.ts";
import { gradients } from "../../../../src/gpu/autograd/gradients.ts";
import type { Shape } from "../../../../src/gpu/tensor/shape.ts";
import { sizeOf } from "../../../../src/gpu/tensor/shape.ts";
import { assertClose } from "../../../support/close.ts";
import { gpuTest } from "../../../support/gpu.ts";
import { onCard } from "../../../support/other_adapters.ts";
import { randomValues } from "../../../support/random.ts";
import { assertDeclared, countIterations } from "../../limits/counting.ts";
import { ACTIVATIONS, checkTraining, SHAPES } from "./batch_norm_cases.ts";

/** Batch norm with all that it can have, on random values, and its gradients. */
function differentiated(device: Device, shape: Shape, groups = 1): Tensor[] {
  const channels = shape.at(-1)!;
  const vector = (seed: number, range: readonly [number, number]) =>
    device.tensor(randomValues(channels, seed, range));
  const x = device.tensor(randomValues(sizeOf(shape), 1, [-1, 3]), { shape });
  const [weight, bias] = [vector(2, [0.5, 2]), vector(3, [-1, 1])];
  const running = {
    runningMean: vector(4, [-1, 1]),
    runningVariance: vector(5, [0.5, 2]),
    batchesTracked: device.tensor([7], { dtype: "u32" }),
  };
  const y = batchNorm(x, weight, bias, {
    training: true,
    groups,
    activation: { type: "leaky_relu", slope: 0.2 },
    ...running,
  });
  const seed = device.tensor(randomValues(sizeOf(shape), 6, [-1, 1]), { shape });
  return [y, ...Object.values(running), ...gradients([y], [x, weight, bias], { seeds: [seed] })];
}

/** What both ways take on a card: short columns by one workgroup each, long ones in parts. */
const SIZES: readonly (readonly [shape: Shape, groups: number, launches: number])[] = [
  [[3, 1], 1, 2],
  [[40, 130], 1, 2],
  [[4, 8, 16, 64], 4, 2],
  // Two tensors are read on the way back
  [[6000, 12], 1, 3],
  [[6000, 12], 2, 3],
  [[9000, 7], 1, 4],
  [[50, 36], 5, 4],
  [[40_000, 8], 2, 4],
];

gpuTest("batchNorm() agrees with its reference on a card, with short columns", async (device) => {
  await onCard(device, async (card) => {
    for (const shape of SHAPES) await checkTraining(card, shape);
    for (const activation of ACTIVATIONS) await checkTraining(card, [14, 50], activation && { activation });
    await checkTraining(card, [70, 12], { groups: 2, activation: { type: "relu" } });
  });
});

gpuTest("batchNorm() agrees with its reference on a card, with long columns", async (device) => {
  await onCard(device, async (card) => {
    await checkTraining(card, [9000, 1]);
    await checkTraining(card, [8300, 5], { activation: { type: "leaky_relu", slope: 0.2 } });
    await checkTraining(card, [4500, 4], { groups: 2, activation: { type: "relu" } });
    await checkTraining(card, [60, 33], { groups: 6, activation: { type: "relu" } });
  });
});

gpuTest("batchNorm() takes one launch or two on a card, forward and backward", async (device) => {
  await onCard(device, (card) => {
    for (const [shape, groups, launches] of SIZES) {
      using program = card.program({}, () => differentiated(card, shape, groups));
      assertEquals(program.stats.launches, launches, `[${shape}] in ${groups}`);
    }
  });
});

gpuTest(
  "batchNorm() on a card is the same as on a processor, running statistics included",
  async (device) => {
    await onCard(device, async (card) => {
      for (const [shape, groups] of SIZES) {
        const expected = await device.read(differentiated(device, shape, groups));
        const found = await card.read(differentiated(card, shape, groups));
        for (const [i, values] of expected.entries()) {
          assertClose(
            found[i]!,
            values,
            { relative: 1e-5, absolute: 1e-5 },
            `${i} of [${shape}] in ${groups}`,
          );
        }
      }
    });
  },
);

gpuTest("batchNorm() gives the same bytes each time on a card", async (device) => {
  await onCard(device, async (card) => {
    for (const [shape, groups] of SIZES) {
      const first = await card.read(differentiated(card, shape, groups));
      assertEquals(await card.read(differentiated(card, shape, groups)), first);
    }
  });
});

gpuTest("batchNorm() takes no more iterations on a card than its kernels say", async (device) => {
  await onCard(device, async (card) => {
    for (const [shape, groups] of SIZES) {
      assertDeclared(await countIterations(card, () => void differentiated(card, shape, groups)));
    }
  });
});
