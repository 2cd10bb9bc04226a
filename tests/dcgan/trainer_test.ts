import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import type { Trainer } from "../../src/dcgan/trainer.ts";
import type { StepNumbers } from "../../src/dcgan/numbers/step_numbers.ts";
import { gpuTest } from "../support/gpu.ts";
import { batchOf, bytesOf, heldBytes, makeTrainer, runSteps } from "./tiny.ts";

/** Runs steps, reading the numbers after each. */
async function stepByStep(trainer: Trainer, count: number): Promise<StepNumbers[]> {
  const numbers: StepNumbers[] = [];
  for (let i = 0; i < count; i++) {
    runSteps(trainer, 1);
    numbers.push(...await trainer.metrics());
  }
  return numbers;
}

gpuTest("Trainer gives the same bytes for the same seed, however often it is read", async (device) => {
  using first = makeTrainer(device);
  using second = makeTrainer(device);
  using other = makeTrainer(device, { seed: 4 });
  assertEquals(await bytesOf(first), await bytesOf(second));
  runSteps(first, 5);
  runSteps(other, 5);
  const numbers = await stepByStep(second, 5);
  assertEquals(await bytesOf(first), await bytesOf(second));
  assertEquals(await first.metrics(), numbers);
  assertNotEquals(await bytesOf(other), await bytesOf(first));
});

gpuTest("Trainer.step() trains both networks", async (device) => {
  using trainer = makeTrainer(device);
  const { generator, discriminator } = trainer;
  const before = await device.read([generator.values, discriminator.values]);
  runSteps(trainer, 1);
  const after = await device.read([generator.values, discriminator.values]);
  for (const [position, values] of after.entries()) {
    // Adam's first step is as long as the learning rate wherever there is a gradient.
    const moves = values.map((value, i) => Math.abs(value - before[position]![i]!));
    const moved = moves.filter((move) => move > 1e-4).length;
    assert(moved > 0.5 * [generator, discriminator][position]!.parameterCount, `${moved} values moved`);
    assert(moves.every((move) => move < 2.1e-4));
  }
});

gpuTest("Trainer.step() refuses a batch of another size", (device) => {
  using trainer = makeTrainer(device);
  assertThrows(() => trainer.step(new Uint8Array(7)), RangeError, "Cannot write 7 values");
  assertEquals(trainer.steps, 0);
});

gpuTest("Trainer.metrics() gives each step once, in order", async (device) => {
  using trainer = makeTrainer(device);
  using reference = makeTrainer(device);
  const expected = await stepByStep(reference, 7);
  assertEquals(await trainer.metrics(), []);
  runSteps(trainer, 3);
  assertEquals(await trainer.metrics(), expected.slice(0, 3));
  assertEquals(await trainer.metrics(), []);
  runSteps(trainer, 4);
  assertEquals(await trainer.metrics(), expected.slice(3));
  for (const numbers of expected) {
    assertEquals(Object.keys(numbers).sort(), [
      "dFake",
      "dFakeAfter",
      "dReal",
      "discriminatorGradientNorm",
      "discriminatorLossFake",
      "discriminatorLossReal",
      "generatorGradientNorm",
      "generatorLoss",
    ]);
    assert(Object.values(numbers).every(Number.isFinite));
    assert([numbers.dReal, numbers.dFake, numbers.dFakeAfter].every((share) => share > 0 && share < 1));
  }
});

gpuTest("Trainer.metrics() leaves steps that start while it waits to the next call", async (device) => {
  using trainer = makeTrainer(device);
  runSteps(trainer, 2);
  const reading = trainer.metrics();
  runSteps(trainer, 2);
  const [first, second] = [await reading, await trainer.metrics()];
  using other = makeTrainer(device);
  runSteps(other, 4);
  assertEquals([...first, ...second], await other.metrics());
  assertEquals([first.length, second.length], [2, 2]);
});

gpuTest("Trainer.metrics() keeps the order where its ring begins again", async (device) => {
  // Far enough that the ring of 4096 steps wraps within a few.
  const start = 4096 - 3;
  const makeLate = () => {
    const trainer = makeTrainer(device);
    trainer.state().get("counter")!.set([start]);
    trainer.continueFrom(start);
    return trainer;
  };
  using trainer = makeLate();
  using reference = makeLate();
  assertEquals(trainer.room, 4096);
  runSteps(trainer, 8);
  assertEquals([trainer.steps, trainer.room], [start + 8, 4096 - 8]);
  const numbers = await trainer.metrics();
  assertEquals(numbers, await stepByStep(reference, 8));
  assert(numbers.every((step) => Object.values(step).every(Number.isFinite)));
  assertEquals(trainer.room, 4096);
});

gpuTest("Trainer draws other latent vectors each step", async (device) => {
  using trainer = makeTrainer(device, { learningRate: 1e-30 });
  for (let i = 0; i < 3; i++) trainer.step(batchOf(0));
  const [first, second, third] = await trainer.metrics();
  assertEquals(first!.dReal, second!.dReal);
  assertNotEquals(first!.dFake, second!.dFake);
  assertNotEquals(second!.dFake, third!.dFake);
});

gpuTest("Trainer takes every kind of network, latent and loss", async (device) => {
  for (
    const options of [
      { firstLayer: "project", latentDistribution: "uniform" },
      { upsampling: "nearest", loss: "minimax" },
      { size: 14, channels: 1, batch: 3 },
    ] as const
  ) {
    const { size, channels, batch } = { size: 16, channels: 3, batch: 4, ...options };
    using _scope = device.scope();
    using trainer = makeTrainer(device, options);
    for (let i = 0; i < 2; i++) trainer.step(new Uint8Array(batch * size * size * channels).fill(90 * i));
    const numbers = await trainer.metrics();
    assertEquals(numbers.length, 2);
    assert(numbers.every((step) => Object.values(step).every(Number.isFinite)), JSON.stringify(options));
    assert(numbers.every(({ generatorLoss }) => "loss" in options ? generatorLoss < 0 : generatorLoss > 0));
  }
});

gpuTest("Trainer[Symbol.dispose]() gives all memory back", async (device) => {
  const before = heldBytes(device);
  const trainer = makeTrainer(device);
  runSteps(trainer, 1);
  await device.settled();
  assert(heldBytes(device) > before);
  trainer[Symbol.dispose]();
  assertEquals(heldBytes(device), before);
});

gpuTest("Trainer that does not fit the GPU says so, and keeps no memory", (device) => {
  const before = heldBytes(device);
  assertThrows(() => makeTrainer(device, { size: 512, ngf: 1, ndf: 4096 }), RangeError, "does not fit");
  assertEquals(heldBytes(device), before);
});

gpuTest("Trainer holds the same memory at step 500 as at step 10, on the GPU and off it", async (device) => {
  using trainer = makeTrainer(device);
  const images = batchOf(0);
  const runTo = async (step: number) => {
    while (trainer.steps < step) {
      for (let i = 0; i < 10; i++) trainer.step(images);
      await trainer.metrics();
    }
    return { gpu: device.ledger.read().bytes, process: Deno.memoryUsage().rss };
  };
  const at10 = await runTo(10);
  const at50 = await runTo(50);
  const at500 = await runTo(500);
  assertEquals([at50.gpu, at500.gpu], [at10.gpu, at10.gpu]);
  // The collector lets some megabytes lie; 100 KB a step, as a leaked batch would cost, are 45 MB.
  const grown = (at500.process - at50.process) / 2 ** 20;
  assert(grown < 30, `the process grew by ${grown.toFixed(1)} MiB in 450 steps`);
});
