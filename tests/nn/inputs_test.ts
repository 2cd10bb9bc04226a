import { assertEquals, assertThrows } from "@std/assert";
import { concat, type Tensor } from "../../src/gpu/mod.ts";
import { type ForwardContext, inputOf, Linear, Module, Network, Sequential } from "../../src/nn/mod.ts";
import { gpuTest } from "../support/gpu.ts";

/** A layer of its input, and of another one. */
class Joined extends Module {
  #linear: Linear;

  constructor(spectralNorm: boolean) {
    super();
    this.#linear = new Linear(3, 1, { spectralNorm });
  }

  override children() {
    return { linear: this.#linear };
  }

  override forward(x: Tensor, context: ForwardContext): Tensor {
    return this.#linear.forward(concat(x, inputOf(context, "side"), { axis: 1 }), context);
  }
}

gpuTest("modules take inputs besides x at any depth, also in groups that are passes", async (device) => {
  const x = device.tensor([[1, 2], [3, 4]]);
  const side = device.tensor([[5], [6]]);
  for (const normalized of [false, true]) {
    using network = new Network(device, [new Sequential([new Joined(normalized)])], { seed: 1 });
    const whole = await network.forward(x, { training: false, inputs: { side } }).data();
    const groups = await network.forward(x, { groups: 2, inputs: { side } }).data();
    assertEquals(groups.length, 2);
    if (!normalized) assertEquals(groups, whole);
    assertThrows(() => network.forward(x), TypeError, "needs the input 'side', found none besides x");
    assertThrows(() => network.forward(x, { inputs: { side: undefined } }), TypeError, "none besides x");
    const other = network.forward(x, { groups: 2, inputs: { side, none: undefined } });
    assertEquals(other.shape, [2, 1]);
    assertThrows(() => network.forward(x, { inputs: { other: side } }), TypeError, "'side', found other");
  }
});
