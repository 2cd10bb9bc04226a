import { assertThrows } from "@std/assert";
import { upsampleNearest } from "../../../../src/gpu/mod.ts";
import { upsampleNearestReference } from "../../../oracles/images.ts";
import { checkOp } from "../../../support/check_op.ts";
import { gpuTest } from "../../../support/gpu.ts";

gpuTest("upsampleNearest() agrees with its reference", async (device) => {
  const cases = [[1, 1, 1, 1, 2], [3, 4, 7, 5, 2], [2, 3, 1, 8, 3], [1, 5, 3, 4, 1], [
    2,
    2,
    2,
    6,
    4,
  ]] as const;
  for (const [batch, height, width, channels, scale] of cases) {
    await checkOp(device, {
      inputs: { x: { shape: [batch, height, width, channels] } },
      halves: ["x"],
      op: ({ x }) => upsampleNearest(x, scale),
      reference: ({ x }) => upsampleNearestReference(x, { batch, height, width, channels }, scale),
      shape: [batch, height * scale, width * scale, channels],
    });
  }
});

gpuTest("upsampleNearest() explains what does not fit", (device) => {
  const x = device.tensor([1, 2], { shape: [1, 1, 2, 1] });
  assertThrows(() => upsampleNearest(x, 1.5), RangeError, "needs a whole scale of at least 1, found 1.5");
  assertThrows(() => upsampleNearest(device.tensor([1]), 2), RangeError, "channels], found [1]");
});
