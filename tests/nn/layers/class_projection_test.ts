import { assertEquals, assertThrows } from "@std/assert";
import { sum } from "../../../src/gpu/mod.ts";
import { ClassProjection, constant, type ModuleInputs, Network, Reshape } from "../../../src/nn/mod.ts";
import { assertClose } from "../../support/close.ts";
import { gpuTest } from "../../support/gpu.ts";

/** A projection of maps as they come in. */
const projection = (options = {}) =>
  new ClassProjection({ maps: new Reshape([2, 1, 3]) }, 3, 4, { weight: constant(0.5), ...options });

gpuTest(
  "ClassProjection adds to the logit what maps and class have in common, in every precision",
  async (device) => {
    for (const precision of device.capabilities.f16 ? ["f32", "f16"] as const : ["f32"] as const) {
      using network = new Network(device, projection(), { precision });
      network.parameters.get("fc.bias")!.tensor.set([0.25]);
      const embed = network.parameters.get("embed.weight")!.tensor;
      embed.set([1, 2, 3, 0, 0, 0, -1, 0, 1, 0, 0, 0]);
      const maps = device.tensor([[1, 2, 3, 1, 0, 1], [1, 1, 1, 0, 0, 2]], { shape: [2, 2, 1, 3] });
      const labels = device.tensor([0, 2], { dtype: "u32" });
      const logits = network.forward(maps, { inputs: { labels } });
      // Sums over pixels: [2, 2, 4] and [1, 1, 3]
      const expected = [0.5 * 8 + 0.25 + 2 + 4 + 12, 0.5 * 5 + 0.25 - 1 + 3];
      assertEquals([logits.shape, logits.dtype], [[2, 1], "f32"]);
      assertClose(await logits.data(), expected, { relative: 1e-6, absolute: 0 }, "logits");
      network.backward([sum(logits)]);
      const data = await network.gradientOf("embed.weight").data();
      const scale = network.gradientScale;
      assertEquals([...data], [2, 2, 4, 0, 0, 0, 1, 1, 3, 0, 0, 0].map((value) => value * scale));
    }
  },
);

gpuTest("ClassProjection with spectral norm divides both weights", async (device) => {
  using network = new Network(device, projection({ spectralNorm: true }));
  assertEquals([...network.parameters.keys()], ["fc.weight_orig", "fc.bias", "embed.weight_orig"]);
  const maps = device.tensor([[1, 0, 0, 0, 0, 0]], { shape: [1, 2, 1, 3] });
  network.parameters.get("fc.bias")!.tensor.set([0]);
  const labels = device.tensor([1], { dtype: "u32" });
  const logits = network.forward(maps, { inputs: { labels } });
  // Matrices of equal numbers: 1 / sqrt(3) each, and 1 / sqrt(12)
  const expected = 1 / Math.sqrt(3) + 1 / Math.sqrt(12);
  assertClose(await logits.data(), [expected], { relative: 1e-5, absolute: 0 }, "logit");
});

gpuTest("ClassProjection wants the class of each sample", (device) => {
  using network = new Network(device, projection());
  const maps = device.tensor(new Float32Array(12), { shape: [2, 2, 1, 3] });
  const refuse = (inputs: ModuleInputs, kind: typeof TypeError, message: string) =>
    void assertThrows(() => network.forward(maps, { inputs }), kind, message);
  refuse(
    {},
    TypeError,
    "'labels' must be the class of each sample, u32 [batch], found none. Call Network.forward(x, { inputs: { labels } })",
  );
  refuse({ labels: device.tensor([0, 1]) }, TypeError, "u32 [batch], found f32");
  const three = device.tensor([0, 1, 1], { dtype: "u32" });
  refuse({ labels: three }, RangeError, "must be one class for each of 2 samples, found shape [3]");
});
