import { assertEquals, assertThrows } from "@std/assert";
import {
  BatchNorm2d,
  Conv2d,
  ConvTranspose2d,
  LeakyRelu,
  Network,
  Reshape,
  stateDict,
} from "../../../src/nn/mod.ts";
import { gpuTest } from "../../support/gpu.ts";

Deno.test("BatchNorm2d refuses options that would give NaN or statistics that run away", () => {
  const cases: [() => unknown, string][] = [
    [
      () => new BatchNorm2d(2, { eps: -1e-5 }),
      "'eps' of a batch norm must be at least 0 and finite, found -0.00001",
    ],
    [
      () => new BatchNorm2d(2, { eps: NaN }),
      "'eps' of a batch norm must be at least 0 and finite, found NaN",
    ],
    [() => new BatchNorm2d(2, { eps: Infinity }), "must be at least 0 and finite, found Infinity"],
    [() => new BatchNorm2d(2, { momentum: 2 }), "'momentum' of a batch norm must be from 0 to 1, found 2"],
    [
      () => new BatchNorm2d(2, { momentum: -0.1 }),
      "'momentum' of a batch norm must be from 0 to 1, found -0.1",
    ],
  ];
  for (const [run, message] of cases) assertThrows(run, RangeError, message);
  new BatchNorm2d(2, { eps: 0, momentum: 1 });
});

Deno.test("Reshape refuses extents that are no whole numbers of at least 1", () => {
  for (const shape of [[-2, -2], [0.5, 8], [0]]) {
    assertThrows(
      () => new Reshape(shape),
      RangeError,
      `shape [${shape.join(", ")}]: every extent must be a whole`,
    );
  }
});

gpuTest(
  "Conv2d and ConvTranspose2d of groups and kernels of any height have PyTorch's shapes",
  async (device) => {
    const options = {
      kernel: [3, 2],
      stride: [2, 1],
      dilation: [1, 2],
      groups: 2,
      spectralNorm: true,
    } as const;
    using network = new Network(device, [
      new Conv2d(4, 6, options),
      new LeakyRelu(0.2),
      new ConvTranspose2d(6, 8, { ...options, outputPadding: [1, 0] }),
    ]);
    const x = device.tensor(new Float32Array(2 * 9 * 8 * 4).fill(0.5), { shape: [2, 9, 8, 4] });
    assertEquals(network.forward(x).shape, [2, 10, 8, 8]);
    const shapes = [...await stateDict(network)].map(([name, { shape }]) => `${name} ${shape}`);
    assertEquals(shapes, [
      "0.weight_orig 6,2,3,2",
      "0.bias 6",
      "2.weight_orig 6,4,3,2",
      "2.bias 8",
      "0.weight_u 6",
      "0.weight_v 12",
      "2.weight_u 4",
      "2.weight_v 36",
    ]);
    assertThrows(() => new Conv2d(4, 6, { kernel: 3, groups: 4 }), RangeError, "4 and 6, found 4");
  },
);
