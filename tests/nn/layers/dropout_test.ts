import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  Dropout,
  loadStateDict,
  MaxPool2d,
  Network,
  penalizedBackward,
  stateDict,
} from "../../../src/nn/mod.ts";
import { fill } from "../../../src/gpu/mod.ts";
import { gpuTest } from "../../support/gpu.ts";

gpuTest(
  "Dropout continues exactly from its state dict, and layers draw by streams of their own",
  async (device) => {
    const layers = () => [new Dropout(), new Dropout({ rate: 0 })];
    const x = fill(device, [64], 1);
    using network = new Network(device, layers(), { seed: 4 });
    const passes = [];
    for (let pass = 0; pass < 3; pass++) {
      if (pass === 2) passes.push(await stateDict(network));
      passes.push((await network.forward(x).data()).join());
    }
    const [first, second, state, third] = passes;
    assert(first !== second && second !== third);
    using again = new Network(device, layers(), { seed: 4 });
    loadStateDict(again, state as Awaited<ReturnType<typeof stateDict>>);
    assertEquals((await again.forward(x).data()).join(), third);

    // The second of two layers keeps other elements than the first, and what both keep is 4
    using two = new Network(device, [new Dropout(), new Dropout()], { seed: 4 });
    const values = await two.forward(x).data();
    assert(values.includes(4) && values.filter((value) => value === 4).length < 32);
  },
);

gpuTest("Dropout draws anew for each pass of one program", async (device) => {
  using network = new Network(device, [new Dropout()]);
  const x = fill(device, [64], 1);
  using program = device.program({}, () => ({ a: network.forward(x), b: network.forward(x) }));
  program.run();
  const one = await device.read([program.outputs.a, program.outputs.b]);
  program.run();
  const two = await device.read([program.outputs.a, program.outputs.b]);
  assertEquals(new Set([...one, ...two].map((values) => values!.join())).size, 4);
});

gpuTest("Dropout and MaxPool2d are refused by gradient penalties, and bad rates by name", (device) => {
  const x = fill(device, [2, 2, 2, 1], 1);
  for (const layer of [new Dropout(), new MaxPool2d({ kernel: 2 })]) {
    using network = new Network(device, [layer]);
    assertThrows(
      () => penalizedBackward(network, x, (logits) => logits, [1, 1]),
      TypeError,
      layer.constructor.name,
    );
  }
  assertThrows(
    () => new Dropout({ rate: 1 }),
    RangeError,
    "The rate of Dropout must be at least 0 and below 1, found 1",
  );
});
