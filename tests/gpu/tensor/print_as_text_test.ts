import { assert, assertEquals } from "@std/assert";
import { inspect } from "node:util";
import { openDevice, relu } from "../../../src/gpu/mod.ts";
import {
  Adam,
  BatchNorm2d,
  Conv2d,
  Linear,
  MovingAverage,
  Network,
  Relu,
  RmsProp,
  Sequential,
  Sgd,
} from "../../../src/nn/mod.ts";
import { makeTrainer, runSteps } from "../../dcgan/tiny.ts";
import { gpuTest } from "../../support/gpu.ts";

/** What `console.log` shows in Deno and in Node, and a notebook. All must be the same, and begin with the text. */
function shownInFull(value: object): string {
  const [deno, node] = [Deno.inspect(value), inspect(value)];
  assertEquals(node, deno);
  const notebook = (value as Record<symbol, () => unknown>)[Symbol.for("Jupyter.display")]!();
  assertEquals(notebook, { "text/plain": deno });
  const [line] = deno.split("\n");
  assertEquals(`${value}`, line);
  assertEquals(Deno.inspect({ value }, { breakLength: 200 }), `{ value: ${line} }`);
  return deno;
}

/** The same of what is one short line. */
function shown(value: object): string {
  const text = shownInFull(value);
  assert(text.length < 120 && !text.includes("\n"), text);
  return text;
}

gpuTest("What a script holds is printed in one short line", (device) => {
  const { name } = device.adapter;
  const x = device.tensor([[1, 2], [3, 4]]);
  assertEquals(shown(x), `Tensor f32 [2, 2] on ${name}`);
  assertEquals(shown(device.tensor(3, { dtype: "u32" })), `Tensor u32 [] on ${name}`);
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
  const named = new Sequential({ body: new Sequential(layers.slice(0, 2)), head: layers[3]! });
  assertEquals(
    shownInFull(named),
    `Sequential of 2 modules
  body.0  Conv2d       weight [4, 4, 3, 8], bias [8]  392
  body.1  BatchNorm2d  weight [8], bias [8]            16
  head    Linear       weight [1, 8], bias [1]          9`,
  );
  layers[1]!.freeze();
  using network = new Network(device, layers);
  assertEquals(
    shownInFull(network),
    `Network of 401 parameters, f32, on ${name}
  0  Conv2d       weight [4, 4, 3, 8], bias [8]       392
  1  BatchNorm2d  weight [8] frozen, bias [8] frozen   16
  2  Relu
  3  Linear       weight [1, 8], bias [1]               9`,
  );
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

gpuTest("What was disposed is printed as such", (device) => {
  const program = device.program({ a: [4] }, ({ a }) => ({ y: relu(a) }));
  const network = new Network(device, [new Linear(2, 1), new BatchNorm2d(1)]);
  const average = new MovingAverage(network, [new Linear(2, 1), new BatchNorm2d(1)]);
  const [adam, trainer, x] = [new Adam(network), makeTrainer(device), device.tensor([1])];
  const [weight, mean] = [network.parameters.get("0.weight")!, network.statistics.get("1.running_mean")!];
  for (const one of [program, adam, average, network, trainer, x]) one[Symbol.dispose]();
  assertEquals([program, adam, trainer, x, x.storage, weight, mean].map(shown), [
    "Program of 1 launch, disposed",
    "Adam of 256 values, disposed",
    "Trainer after 0 steps, disposed",
    "Tensor f32 [1], disposed",
    "Storage of 16 bytes, freed",
    "Parameter [1, 2], disposed",
    "Statistic f32 [1], disposed",
  ]);
  assertEquals(`${network}`, "Network of 5 parameters, f32, disposed");
  assertEquals(`${average}`, "MovingAverage of Network of 5 parameters, f32, disposed");
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
