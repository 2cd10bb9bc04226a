import { assert, assertEquals } from "@std/assert";
import { inspect } from "node:util";
import { openDevice, relu } from "../../../src/gpu/mod.ts";
import {
  Adam,
  BatchNorm2d,
  Conv2d,
  Linear,
  Network,
  Relu,
  RmsProp,
  Sequential,
  Sgd,
} from "../../../src/nn/mod.ts";
import { makeTrainer, runSteps } from "../../dcgan/tiny.ts";
import { gpuTest } from "../../support/gpu.ts";

/** What `console.log` shows in Deno and in Node, and a template. All must be the same line. */
function shown(value: object): string {
  const [deno, node, text] = [Deno.inspect(value), inspect(value), `${value}`];
  assertEquals([deno, node], [text, text]);
  const notebook = (value as Record<symbol, () => unknown>)[Symbol.for("Jupyter.display")]!();
  assertEquals(notebook, { "text/plain": text });
  assert(text.length < 120 && !text.includes("\n"), text);
  return text;
}

gpuTest("What a script holds is printed in one short line", (device) => {
  const { name } = device.adapter;
  const x = device.tensor([[1, 2], [3, 4]]);
  assertEquals(shown(x), `Tensor f32 [2, 2] on ${name}`);
  assertEquals(shown(device.tensor(3, { dtype: "u32" })), `Tensor u32 [] on ${name}`);
  assertEquals(Deno.inspect({ x }), `{ x: Tensor f32 [2, 2] on ${name} }`);
  assertEquals(shown(device), `Device ${name}`);
  assertEquals(shown(x.storage), "Storage of 16 bytes");
  {
    using program = device.program({ a: [4] }, ({ a }) => ({ y: relu(a) }));
    assertEquals(shown(program), `Program of 1 launch on ${name}`);
  }
  x.dispose();
  assertEquals(shown(x), "Tensor f32 [2, 2], disposed");

  const layers = [new Conv2d(3, 8, { kernel: 4 }), new BatchNorm2d(8), new Relu(), new Linear(8, 1)];
  assertEquals(layers.map(shown), [
    "Conv2d weight [4, 4, 3, 8], bias [8]",
    "BatchNorm2d weight [8], bias [8]",
    "Relu",
    "Linear weight [1, 8], bias [1]",
  ]);
  assertEquals(shown(new Sequential(layers)), "Sequential of 4 modules");
  using network = new Network(device, layers);
  assertEquals(shown(network), `Network of 417 parameters, f32, on ${name}`);
  assertEquals(shown(network.parameters.get("0.weight")!), "Parameter [4, 4, 3, 8]");
  assertEquals(shown(network.statistics.get("1.num_batches_tracked")!), "Statistic u32 [1]");
  for (const Optimizer of [Adam, Sgd, RmsProp]) {
    using optimizer = new Optimizer(network);
    assertEquals(shown(optimizer), `${Optimizer.name} of ${network.values.size} values on ${name}`);
  }
  using trainer = makeTrainer(device);
  runSteps(trainer, 2);
  assertEquals(shown(trainer), `Trainer after 2 steps on ${name}`);
});

Deno.test("A device that was disposed, or lost, is printed as such", async () => {
  const [disposed, lost] = [await openDevice(), await openDevice()];
  disposed[Symbol.dispose]();
  lost.gpu.destroy();
  await lost.gpu.lost;
  assertEquals(shown(disposed), `Device ${disposed.adapter.name}, disposed`);
  assertEquals(shown(lost), `Device ${lost.adapter.name}, lost`);
  lost[Symbol.dispose]();
});
