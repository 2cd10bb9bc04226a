import { assertEquals, assertThrows } from "@std/assert";
import { logisticScores, type LogitTarget } from "../../../gpu.ts";
import { logisticScoresReference } from "../../oracles/losses.ts";
import { checkOp } from "../../support/check_op.ts";
import { gpuTest } from "../../support/gpu.ts";

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

gpuTest("logisticScores() stays finite for extreme logits", async (device) => {
  const scores = logisticScores(device.tensor([1000, -1000, 1e30, -1e30]), [{ target: 1 }, { target: 1 }]);
  assertEquals(Array.from(await scores.data(), Number.isFinite), [true, true, true, true]);
});

gpuTest("logisticScores() names groups that do not fit", (device) => {
  const logits = device.tensor([1, 2, 3]);
  assertThrows(() => logisticScores(logits, [{ target: 1 }, { target: 0 }]), RangeError, "2 equal groups");
});
