import { assertEquals, assertThrows } from "@std/assert";
import { gradients, logisticScores, type LogitTarget } from "../../../gpu.ts";
import { logisticScoresReference } from "../../oracles/losses.ts";
import { checkOp } from "../../support/check_op.ts";
import { gpuTest } from "../../support/gpu.ts";
import { assertClose } from "../../support/close.ts";
import { randomValues } from "../../support/random.ts";

const TARGETS = [{ target: 0.9 }, { target: 0, scale: 0.5 }];

gpuTest("logisticScores() agrees with its reference in value and gradient", async (device) => {
  const targets: readonly (readonly LogitTarget[])[] = [
    [{ target: 1 }],
    [{ target: 1 }, { target: 0 }],
    [{ target: 0.9 }, { target: 0.1, scale: -1 }],
  ];
  for (const aims of targets) {
    for (const count of [1, 5, 64, 200]) {
      await checkOp(device, {
        inputs: { x: { shape: [aims.length * count, 1, 1, 1], range: [-6, 6] } },
        op: ({ x }) => logisticScores(x, aims),
        reference: ({ x }) => logisticScoresReference(x, aims),
        shape: [aims.length, 2],
      });
    }
  }
});

gpuTest("logisticScores() with flips takes the other group's target", async (device) => {
  for (const count of [1, 5, 200]) {
    const flips = Float32Array.from({ length: 2 * count }, (_, at) => (at % 3 === 1 ? 1 : 0));
    await checkOp(device, {
      inputs: { x: { shape: [2 * count], range: [-6, 6] } },
      op: ({ x }) => logisticScores(x, TARGETS, { flips: device.tensor(flips) }),
      reference: ({ x }) => logisticScoresReference(x, TARGETS, flips),
      shape: [2, 2],
    });
  }
});

gpuTest("logisticScores() with flips of the largest batch agrees with its reference", async (device) => {
  const logits = randomValues(2 * 65_536, 3, [-6, 6]);
  const flips = Float32Array.from(logits, (_, at) => (at % 3 === 1 ? 1 : 0));
  const x = device.tensor(logits);
  const scores = logisticScores(x, TARGETS, { flips: device.tensor(flips) });
  const expected = logisticScoresReference(Float64Array.from(logits, Math.fround), TARGETS, flips);
  assertClose(await scores.data(), expected, { relative: 1e-5, absolute: 0 }, "scores");
  const [gradient] = await Promise.all(gradients([scores], [x]).map((tensor) => tensor.data()));
  const last = logits.length - 1;
  // With a scale of 0.5, and of its probability as well
  const p = 1 / (1 + Math.exp(-logits[last]!));
  const slope = (0.5 * (p - (flips[last] ? 0.9 : 0)) + p * (1 - p)) / 65_536;
  assertClose([gradient![last]!], [slope], { relative: 1e-4, absolute: 0 }, "gradient");
});

gpuTest("logisticScores() stays finite for extreme logits", async (device) => {
  const scores = logisticScores(device.tensor([1000, -1000, 1e30, -1e30]), [{ target: 1 }, { target: 1 }]);
  assertEquals(Array.from(await scores.data(), Number.isFinite), [true, true, true, true]);
});

gpuTest("logisticScores() names groups that do not fit", (device) => {
  const logits = device.tensor([1, 2, 3]);
  assertThrows(() => logisticScores(logits, [{ target: 1 }, { target: 0 }]), RangeError, "2 equal groups");
});

gpuTest("logisticScores() says what is wrong with flips", (device) => {
  const logits = device.tensor([1, 2, 3, 4]);
  const expect = (groups: number, flips: ArrayLike<number>, found: string) => {
    const targets = Array.from({ length: groups }, () => ({ target: 1 }));
    assertThrows(() => logisticScores(logits, targets, { flips: device.tensor(flips) }), RangeError, found);
  };
  expect(2, [0, 1], "a flip for each of 4 logits in two groups, found 2 flips and 2 groups.");
  expect(1, [0, 1, 0, 1], "found 4 flips and 1 group.");
  const whole = device.tensor([0, 1, 0, 1], { dtype: "u32" });
  const targets = [{ target: 1 }, { target: 0 }];
  assertThrows(
    () => logisticScores(logits, targets, { flips: whole }),
    TypeError,
    "flips must be f32, found u32",
  );
});
