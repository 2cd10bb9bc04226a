import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  type Device,
  hingeScores,
  leastSquaresScores,
  type LogitTarget,
  relativisticScores,
  type Tensor,
  wassersteinScores,
} from "../../../gpu.ts";
import { gradients } from "../../../src/gpu/autograd/gradients.ts";
import { LOGIT_LOSSES, pairScoresReference, scoresReference } from "../../oracles/losses.ts";
import { checkOp } from "../../support/check_op.ts";
import { assertClose } from "../../support/close.ts";
import { gpuTest } from "../../support/gpu.ts";

const COUNTS = [1, 5, 64, 200];
const EXACT = { relative: 1e-6, absolute: 0 };

const sides: readonly (readonly LogitTarget[])[] = [
  [{ target: 1 }],
  [{ target: 1 }, { target: -1 }],
  [{ target: -1, scale: 0.5 }, { target: 1, scale: -2 }],
];

const losses = [
  ["leastSquaresScores", leastSquaresScores, [...sides, [{ target: 0.9 }, { target: 0.1, scale: 3 }]]],
  ["hingeScores", hingeScores, sides],
  ["wassersteinScores", wassersteinScores, sides],
] as const;

for (const [name, op, targets] of losses) {
  gpuTest(`${name}() agrees with its reference in value and gradient`, async (device) => {
    for (const aims of targets) {
      for (const count of COUNTS) {
        await checkOp(device, {
          inputs: { x: { shape: [aims.length * count, 1, 1, 1], range: [-3, 3] } },
          op: ({ x }) => op(x, aims),
          reference: ({ x }) => scoresReference(x, aims, LOGIT_LOSSES[name]),
          shape: [aims.length, 2],
        });
      }
    }
  });
}

gpuTest("relativisticScores() agrees with its reference in value and gradient", async (device) => {
  for (const aims of sides) {
    for (const count of COUNTS) {
      await checkOp(device, {
        inputs: { x: { shape: [2 * count, 1, 1, 1], range: [-3, 3] } },
        op: ({ x }) => relativisticScores(x, aims),
        reference: ({ x }) => pairScoresReference(x, aims),
        shape: [aims.length, 2],
      });
    }
  }
});

/** Losses and the gradient of their sum. */
async function lossesOf(device: Device, scores: Tensor, logits: Tensor): Promise<Float32Array[]> {
  const rows = scores.shape[0]!;
  const seed = device.tensor(Array.from({ length: rows }, () => [1, 0]));
  const read = await device.read([scores, ...gradients([scores], [logits], { seeds: [seed] })]);
  return read.map((values) => Float32Array.from(values));
}

gpuTest("relativisticScores() of a discriminator sum to the loss of the pairs", async (device) => {
  const logits = device.tensor([2, -1, 0.5, 3]);
  const half = { scale: 0.5 };
  const [scores, slopes] = await lossesOf(
    device,
    relativisticScores(logits, [{ target: 1, ...half }, { target: -1, ...half }]),
    logits,
  );
  const leads = [2 - 0.5, -1 - 3];
  const loss = leads.reduce((sum, lead) => sum + Math.log1p(Math.exp(-lead)), 0) / 2;
  assertClose([scores![0]! + scores![2]!], [loss], EXACT, "loss");
  const real = leads.map((lead) => -1 / (1 + Math.exp(lead)) / 2);
  assertClose(slopes!, [...real, ...real.map((slope) => -slope)], EXACT, "gradient");
});

gpuTest("relativisticScores() stays exact for leads that overflow", async (device) => {
  const logits = device.tensor([1e4, -1e4, -1e4, 1e4]);
  const [scores, slopes] = await lossesOf(device, relativisticScores(logits, [{ target: 1 }]), logits);
  assertEquals([...scores!], [1e4, 0.5]);
  assertEquals([...slopes!].map((slope) => slope + 0), [0, -0.5, 0, 0.5]);
});

gpuTest("hingeScores() has no gradient at and beyond the margin", async (device) => {
  const logits = device.tensor([1, 1.5, 0.5, -1, -1.5, -0.5]);
  const [scores, slopes] = await lossesOf(
    device,
    hingeScores(logits, [{ target: 1 }, { target: -1 }]),
    logits,
  );
  const third = Math.fround(1 / 3);
  assertClose([scores![0]!, scores![2]!], [0.5 / 3, 0.5 / 3], EXACT, "losses");
  assertClose(slopes!, [0, 0, -third, 0, 0, third], { relative: 1e-6, absolute: 1e-12 }, "gradient");
});

gpuTest("every loss of logits lets NaN through", async (device) => {
  const logits = device.tensor([0.5, NaN, 0.5, 0.5]);
  for (const op of [leastSquaresScores, hingeScores, wassersteinScores, relativisticScores]) {
    const [loss, probability] = await op(logits, [{ target: 1 }, { target: -1 }]).data();
    assert(Number.isNaN(loss) && Number.isNaN(probability), op.name);
  }
});

gpuTest("every loss of logits costs one launch, and one for its gradient", (device) => {
  const logits = device.tensor(new Float32Array(64));
  for (const op of [leastSquaresScores, hingeScores, wassersteinScores, relativisticScores]) {
    const score = () => op(logits, [{ target: 1 }, { target: -1 }]);
    using forward = device.program({}, score);
    using both = device.program({}, () => gradients([score()], [logits]));
    assertEquals([forward.stats.launches, both.stats.launches], [1, 3], op.name); // the third one fills the seed
  }
});

gpuTest("losses of logits name groups and targets that do not fit", (device) => {
  const logits = device.tensor([1, 2, 3]);
  const two = [{ target: 1 }, { target: -1 }];
  assertThrows(() => leastSquaresScores(logits, two), RangeError, "2 equal groups");
  assertThrows(() => relativisticScores(logits, [{ target: 1 }]), RangeError, "2 equal groups");
  for (const targets of [[], [...two, { target: 1 }]]) {
    assertThrows(
      () => relativisticScores(device.empty([6]), targets),
      RangeError,
      `Cannot score pairs of logits: targets must be 1 or 2, found ${targets.length}`,
    );
  }
  for (const op of [hingeScores, wassersteinScores, relativisticScores]) {
    assertThrows(
      () => op(device.empty([4]), [{ target: 1 }, { target: 0 }]),
      RangeError,
      `Cannot compute ${op.name}(): a target must be 1 or -1, found 0`,
    );
  }
});
