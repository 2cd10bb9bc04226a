import { assertEquals, assertThrows } from "@std/assert";
import { sum } from "../../../src/gpu/mod.ts";
import { Adam, constant, Embedding, loadStateDict, Network, stateDict } from "../../../src/nn/mod.ts";
import { gpuTest } from "../../support/gpu.ts";

gpuTest("Embedding learns the vectors that a batch takes, in every precision", async (device) => {
  const precisions = device.capabilities.f16 ? ["f32", "f16"] as const : ["f32"] as const;
  for (const precision of precisions) {
    using network = new Network(device, [new Embedding(3, 2, { weight: constant(1) })], { precision });
    using adam = new Adam(network, { learningRate: 0.5 });
    const y = network.forward(device.tensor([2, 0, 2], { dtype: "u32" }));
    assertEquals([y.shape, y.dtype], [[3, 2], precision]);
    network.backward([sum(y)]);
    adam.step();
    const values = [...await network.parameters.get("0.weight")!.tensor.data()];
    assertEquals(values.map((value) => Math.round(value * 1e4) / 1e4), [0.5, 0.5, 1, 1, 0.5, 0.5]);
  }
});

gpuTest("Embedding has PyTorch's name, shape and first values", async (device) => {
  using network = new Network(device, [new Embedding(400, 20)]);
  const state = await stateDict(network);
  assertEquals([...state].map(([name, { shape }]) => [name, shape]), [["0.weight", [400, 20]]]);
  const values = [...state.get("0.weight")!.data as Float32Array];
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + value ** 2, 0) / values.length;
  assertEquals([Math.round(mean * 10), Math.round(square * 10)], [0, 10]);
  using other = new Network(device, [new Embedding(400, 20)], { seed: 1 });
  loadStateDict(other, state);
  assertEquals(await stateDict(other), state);
});

Deno.test("Embedding refuses what is no count", () => {
  assertThrows(() => new Embedding(0, 3), RangeError);
  assertThrows(() => new Embedding(3, 1.5), RangeError);
});
