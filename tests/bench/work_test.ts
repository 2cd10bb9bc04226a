import { assert, assertEquals } from "@std/assert";
import { layerWork, stepWork } from "../../bench/work.ts";
import { WORKLOADS } from "../../bench/workloads.ts";
import { createDiscriminator } from "../../src/dcgan/networks/discriminator.ts";
import { createGenerator } from "../../src/dcgan/networks/generator.ts";
import { Trainer } from "../../src/dcgan/trainer.ts";
import { type Module, namedParameters } from "../../src/nn/module.ts";
import { sidesOf } from "../../src/pictures/mod.ts";
import { gpuTest } from "../support/gpu.ts";

/** Edges of the maps that each convolution's kernel is laid on, smallest last for the discriminator. */
function edges(size: number): number[] {
  const all: number[] = [];
  for (let edge = size / 2; edge >= 4; edge /= 2) all.push(edge);
  return all;
}

function kernelSizes(module: Module): number[] {
  return [...namedParameters(module).values()]
    .map(({ shape }) => shape)
    .filter(({ length }) => length === 4)
    .map((shape) => shape.reduce((product, extent) => product * extent, 1));
}

Deno.test("layerWork() multiplies each kernel of the networks by the places it is laid on", () => {
  for (const { config } of WORKLOADS) {
    const { generator, discriminator } = layerWork(config);
    const places = edges(sidesOf(config.size).width).map((edge) => edge ** 2);
    const inDiscriminator = [...places, 1];
    assertEquals(
      discriminator,
      kernelSizes(createDiscriminator(config)).map((weights, layer) => weights * inDiscriminator[layer]!),
    );
    const inGenerator = [1, ...places.toReversed()];
    assertEquals(
      generator,
      kernelSizes(createGenerator(config)).map((weights, layer) => weights * inGenerator[layer]!),
    );
  }
});

Deno.test("stepWork() gives the figures that others count for PyTorch's step", () => {
  const [s, m] = WORKLOADS.map(({ config }) => stepWork(config));
  assert(Math.abs(s!.trainingOfPyTorch / 1e9 - 0.104) < 5e-4, `S ${s!.trainingOfPyTorch}`);
  assert(Math.abs(m!.trainingOfPyTorch / 1e9 - 2.48) < 5e-3, `M ${m!.trainingOfPyTorch}`);
  for (const { training, trainingOfPyTorch, sampling } of [s!, m!]) {
    assert(training < trainingOfPyTorch && sampling * 5 < training);
  }
});

gpuTest("stepWork() counts what the launches of a step say that they are needed for", (device) => {
  for (const { config } of WORKLOADS) {
    using trainer = new Trainer(device, config);
    const work = trainer.program.launches.reduce((sum, { launch }) => sum + (launch.work ?? 0), 0);
    assertEquals(work, stepWork(config).training * config.batch);
  }
});
