import { gradients, randomNormal, sum } from "../../../src/gpu/mod.ts";
import { Conv2d, LeakyRelu, Network, penalizedBackward } from "../../../src/nn/mod.ts";
import { assertClose } from "../../support/close.ts";
import { gpuTest } from "../../support/gpu.ts";

gpuTest(
  "penalizedBackward() goes through convolutions of any steps and groups as gradients() does",
  async (device) => {
    using network = new Network(device, [
      new Conv2d(4, 6, { kernel: [3, 2], stride: [2, 1], padding: [2, 1], dilation: [2, 3], groups: 2 }),
      new LeakyRelu(0.2),
      new Conv2d(6, 1, { kernel: [5, 6] }),
    ], { seed: 4 });
    const x = randomNormal(device, [4, 9, 7, 4], { seed: 1 });
    const pass = penalizedBackward(network, x, (logits) => sum(logits), [0, 0]);
    const found = await device.read([pass.logits, pass.imageGradients, network.gradients]);
    const logits = network.forward(x);
    network.backward([sum(logits)]);
    const expected = await device.read([logits, gradients([logits], [x])[0]!, network.gradients]);
    for (const [i, values] of found.entries()) {
      assertClose(
        values!,
        expected[i]!,
        { relative: 1e-4, absolute: 1e-4 },
        ["logits", "images", "weights"][i]!,
      );
    }
  },
);
