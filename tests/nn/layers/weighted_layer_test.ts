import { assertAlmostEquals, assertEquals, assertInstanceOf } from "@std/assert";
import {
  constant,
  Conv2d,
  ConvTranspose2d,
  Embedding,
  Linear,
  Network,
  WeightedLayer,
} from "../../../src/nn/mod.ts";
import { gpuTest } from "../../support/gpu.ts";

/** A layer of each kind, as options ask for. An embedding has no bias. */
function layersOf(options: { bias?: boolean; spectralNorm?: boolean }): WeightedLayer[] {
  const { bias: _, ...embedding } = options;
  return [
    new Linear(4, 3, options),
    new Conv2d(4, 3, { kernel: [2, 3], ...options }),
    new ConvTranspose2d(4, 3, { kernel: 2, ...options }),
    ...(options.bias === false ? [new Embedding(4, 3, embedding)] : []),
  ];
}

Deno.test("WeightedLayer names weight, bias and the vectors of a norm alike in every layer", () => {
  for (const bias of [true, false]) {
    for (const spectralNorm of [true, false]) {
      for (const layer of layersOf({ bias, spectralNorm })) {
        assertInstanceOf(layer, WeightedLayer);
        const names = [spectralNorm ? "weight_orig" : "weight", ...(bias ? ["bias"] : [])];
        assertEquals(Object.keys(layer.parameters()), names, `${layer}`);
        assertEquals(Object.keys(layer.statistics()), spectralNorm ? ["weight_u", "weight_v"] : []);
        assertEquals(layer.normalizesWeights, spectralNorm);
        layer.freeze();
        assertEquals(Object.values(layer.parameters()).every(({ frozen }) => frozen), true);
      }
    }
  }
});

gpuTest(
  "WeightedLayer.operand() is the weight itself, or divided by its norm from the start",
  async (device) => {
    const context = { training: false };
    const norms: number[] = [];
    for (const spectralNorm of [false, true]) {
      const layer = new Linear(4, 1, { bias: false, weight: constant(3), spectralNorm });
      using _ = new Network(device, layer);
      const operand = layer.operand(context);
      norms.push(Math.hypot(...await operand.data()));
      assertEquals(operand === Object.values(layer.parameters())[0]!.tensor, !spectralNorm);
    }
    assertEquals(norms[0], 6);
    assertAlmostEquals(norms[1]!, 1, 1e-5);
  },
);
