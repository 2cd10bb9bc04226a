import { assertEquals, assertThrows } from "@std/assert";
import { Linear, Network } from "../../../src/nn/mod.ts";
import { assertClose } from "../../support/close.ts";
import { gpuTest } from "../../support/gpu.ts";
import { randomValues } from "../../support/random.ts";

gpuTest("Linear takes samples of exactly its number of features", (device) => {
  using network = new Network(device, new Linear(4, 2));
  const forward = (shape: number[]) => network.forward(device.empty(shape));
  assertEquals(forward([3, 4]).shape, [3, 2]);
  assertEquals(forward([3, 2, 1, 2]).shape, [3, 2]);
  const takes = "This linear layer needs [batch, features] with 4 features, found an input of shape";
  const cases: [shape: number[], message: string][] = [
    [[4, 8], `${takes} [4, 8] with 8 for each sample`],
    [[5, 6], `${takes} [5, 6] with 6 for each sample`],
    [[4, 2], `${takes} [4, 2] with 2 for each sample`],
    [[4], `${takes} [4] with 1 for each sample`],
    [[], `${takes} []`],
  ];
  for (const [shape, message] of cases) assertThrows(() => forward(shape), RangeError, message);
});

gpuTest("Linear takes a picture or its pixels in a row, and none with other axes", async (device) => {
  using network = new Network(device, new Linear({ height: 2, width: 3, channels: 4 }, 2));
  const values = randomValues(48, 1, [-1, 1]);
  const picture = network.forward(device.tensor(values, { shape: [2, 2, 3, 4] }));
  const row = network.forward(device.tensor(values, { shape: [2, 24] }));
  assertClose(await picture.data(), await row.data(), { relative: 0, absolute: 0 }, "picture");
  assertThrows(
    () => network.forward(device.tensor(values, { shape: [2, 4, 2, 3] })),
    RangeError,
    "This linear layer needs images [batch, 2, 3, 4] (height, width, channels), " +
      "found an input of shape [2, 4, 2, 3]",
  );
});
