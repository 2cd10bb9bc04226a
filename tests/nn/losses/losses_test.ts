import { assert, assertEquals, assertThrows } from "@std/assert";
import { bce, bceWithLogits, hingeDiscriminator, hingeGenerator, meanSigmoid, mse } from "../../../gpu.ts";
import { gradients } from "../../../src/gpu/autograd/gradients.ts";
import { LOSS_REFERENCES } from "../../oracles/losses.ts";
import { checkOp } from "../../support/check_op.ts";
import { assertClose } from "../../support/close.ts";
import { gpuTest } from "../../support/gpu.ts";
import { randomValues } from "../../support/random.ts";

const SHAPES = [[], [1], [5], [64], [3, 5, 2], [1030]];
/** The gradients of a mean are small: hold them to their own size. */
const tolerances = (size: number) => ({ gradientTolerance: { relative: 1e-4, absolute: 1e-5 / size } });

function meanOf(term: (x: number, t: number) => number, x: Float64Array, t: Float64Array | number): number[] {
  const terms = x.map((value, i) => term(value, typeof t === "number" ? t : t[i]!));
  return [terms.reduce((sum, value) => sum + value, 0) / x.length];
}

for (
  const [name, op, range] of [["bceWithLogits", bceWithLogits, [-4, 4]], ["bce", bce, [0.01, 0.99]], [
    "mse",
    mse,
    [-2, 2],
  ]] as const
) {
  gpuTest(`${name}() agrees with its reference, forward and gradients`, async (device) => {
    for (const shape of SHAPES) {
      await checkOp(device, {
        inputs: { x: { shape, range }, t: { shape, range: [0, 1] } },
        op: ({ x, t }) => op(x, t),
        reference: ({ x, t }) => meanOf(LOSS_REFERENCES[name], x, t),
        shape: [],
        ...tolerances(shape.reduce((size, extent) => size * extent, 1)),
      });
    }
  });

  gpuTest(`${name}() takes a number as target`, async (device) => {
    for (const target of [0, 1, 0.9]) {
      await checkOp(device, {
        inputs: { x: { shape: [64], range } },
        op: ({ x }) => op(x, target),
        reference: ({ x }) => meanOf(LOSS_REFERENCES[name], x, target),
        ...tolerances(64),
      });
    }
  });
}

gpuTest("bceWithLogits() costs one launch forward and one for its gradient", (device) => {
  const logits = device.tensor(new Float32Array(64));
  using forward = device.program({}, () => bceWithLogits(logits, 1));
  using both = device.program({}, () => gradients([bceWithLogits(logits, 1)], [logits]));
  assertEquals(forward.stats.launches, 1);
  assertEquals(both.stats.launches, 3); // the third one fills the seed
});

gpuTest("bceWithLogits() is exact at extreme logits", async (device) => {
  const extremes = [0, 1e-30, 30, -30, 100, -100, 1e4, -1e4, 1e38, -1e38];
  for (const target of [0, 1]) {
    for (const value of extremes) {
      const x = device.tensor([value]);
      const loss = bceWithLogits(x, target);
      const [[found], [slope]] = await device.read([loss, ...gradients([loss], [x])]) as [
        Float32Array,
        Float32Array,
      ];
      const logit = Math.fround(value);
      assertClose([found!], [LOSS_REFERENCES.bceWithLogits(logit, target)], {
        relative: 1e-5,
        absolute: 1e-30,
      }, "loss");
      const expected = LOSS_REFERENCES.sigmoid(logit) - target;
      assertClose(
        [slope!],
        [expected],
        { relative: 1e-5, absolute: 1e-7 },
        `slope at ${value}, target ${target}`,
      );
    }
  }
});

gpuTest("bce() bounds logarithms at -100 as PyTorch does", async (device) => {
  assertEquals(await bce(device.tensor([0, 1]), device.tensor([1, 0])).item(), 100);
  assertEquals(await bce(device.tensor([0, 1]), device.tensor([0, 1])).item(), 0);
  const x = device.tensor([0, 1]);
  const [dx] = gradients([bce(x, device.tensor([1, 0]))], [x]);
  assertClose(await dx!.data(), [-5e11, 5e11], { relative: 1e-5, absolute: 0 }, "gradient");
});

gpuTest("bce() keeps the digits of small probabilities", async (device) => {
  const found = await bce(device.tensor([1e-6]), 0).item();
  assertClose([found], [-Math.log1p(-Math.fround(1e-6))], { relative: 1e-5, absolute: 0 }, "loss");
});

gpuTest("mse() agrees with its reference when one workgroup is not enough", async (device) => {
  const x = randomValues(9001, 1, [-2, 2]);
  const t = randomValues(9001, 2, [-2, 2]);
  const found = await mse(device.tensor(x), device.tensor(t)).item();
  assertClose([found], meanOf(LOSS_REFERENCES.mse, x, t), { relative: 1e-6, absolute: 0 }, "loss");
});

gpuTest(
  "hingeDiscriminator() agrees with its reference, also for batches of different size",
  async (device) => {
    for (const [left, right] of [[9, 9], [64, 32], [1, 3]] as const) {
      await checkOp(device, {
        inputs: { real: { shape: [left], range: [-3, 3] }, fake: { shape: [right], range: [-3, 3] } },
        op: ({ real, fake }) => hingeDiscriminator(real, fake),
        reference: ({ real, fake }) => [
          meanOf(LOSS_REFERENCES.hingeReal, real, 0)[0]! + meanOf(LOSS_REFERENCES.hingeFake, fake, 0)[0]!,
        ],
        shape: [],
      });
    }
  },
);

gpuTest("hingeDiscriminator() has no gradient at and beyond the margin", async (device) => {
  const real = device.tensor([1, 1.5, 0.5]);
  const fake = device.tensor([-1, -1.5, -0.5]);
  const found = await device.read(gradients([hingeDiscriminator(real, fake)], [real, fake]));
  const third = Math.fround(1 / 3);
  assertClose(found[0]!, [0, 0, -third], { relative: 1e-6, absolute: 0 }, "real");
  assertClose(found[1]!, [0, 0, third], { relative: 1e-6, absolute: 0 }, "fake");
});

gpuTest("hingeGenerator() and meanSigmoid() agree with their references", async (device) => {
  for (const shape of SHAPES) {
    await checkOp(device, {
      inputs: { x: { shape } },
      op: ({ x }) => hingeGenerator(x),
      reference: ({ x }) => meanOf((value) => -value, x, 0),
    });
    await checkOp(device, {
      inputs: { x: { shape, range: [-4, 4] } },
      op: ({ x }) => meanSigmoid(x),
      reference: ({ x }) => meanOf(LOSS_REFERENCES.sigmoid, x, 0),
    });
  }
});

gpuTest("every loss lets NaN through", async (device) => {
  const x = device.tensor([0.5, NaN, 0.5]);
  const losses = [
    bce(x, 1),
    bceWithLogits(x, 1),
    mse(x, 1),
    hingeDiscriminator(x, x),
    hingeGenerator(x),
    meanSigmoid(x),
  ];
  for (const [loss] of await device.read(losses)) assert(Number.isNaN(loss));
});

gpuTest("mse() explains shapes that differ", (device) => {
  const error = assertThrows(() => mse(device.empty([2, 3]), device.empty([3])), RangeError);
  assertEquals(error.message, "mse() needs tensors of one shape, found 'x' of [2, 3], 't' of [3]");
});
