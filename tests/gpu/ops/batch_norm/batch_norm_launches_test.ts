import { assertEquals } from "@std/assert";
import { batchNorm, Device } from "../../../../src/gpu/mod.ts";
import { gradients } from "../../../../src/gpu/autograd/gradients.ts";
import { gpuTest } from "../../../support/gpu.ts";
import { randomValues } from "../../../support/random.ts";
import { ACTIVATIONS, checkTraining } from "./batch_norm_cases.ts";

gpuTest("batchNorm() is right with the workgroups of a real GPU as well", async (device) => {
  const hardware = new Device(device.gpu, { ...device.adapter, software: false }, device.capabilities);
  {
    using _scope = hardware.scope();
    for (const shape of [[3, 2], [5, 130, 5], [2, 3000, 1], [2, 5, 3, 32], [140, 260]]) {
      await checkTraining(hardware, shape, { activation: { type: "relu" } });
    }
    await checkTraining(hardware, [70, 12], { groups: 2 });
  }
  hardware.ledger.destroyAll();
});

gpuTest("batchNorm() goes down whole columns on a processor, where there are enough", async (device) => {
  for (const activation of ACTIVATIONS) {
    for (const shape of [[1, 128], [19, 128], [3, 5, 132], [40, 33]]) {
      await checkTraining(device, shape, activation && { activation });
    }
  }
  await checkTraining(device, [4, 7, 11, 128], { groups: 2, activation: { type: "relu" } });
  await checkTraining(device, [6, 35], { groups: 3 });
  const launches = (on: Device, channels: number) => {
    using program = on.program({ x: [40, channels] }, ({ x }) => {
      const [weight, bias] = [on.empty([channels]), on.empty([channels])];
      const y = batchNorm(x, weight, bias, { training: true });
      return gradients([y], [x, weight, bias], { seeds: [x] });
    });
    return program.stats.launches;
  };
  const software = new Device(device.gpu, { ...device.adapter, software: true }, device.capabilities);
  assertEquals([launches(software, 128), launches(software, 124)], [2, 4]);
  const hardware = new Device(device.gpu, { ...device.adapter, software: false }, device.capabilities);
  assertEquals(launches(hardware, 128), 4);
});

gpuTest("batchNorm() adds many parts up in launches of their own", async (device) => {
  const hardware = new Device(device.gpu, { ...device.adapter, software: false }, device.capabilities);
  {
    using _scope = hardware.scope();
    await checkTraining(hardware, [540, 33], { activation: { type: "relu" } });
    await checkTraining(hardware, [1080, 33], { groups: 2, activation: { type: "leaky_relu", slope: 0.2 } });
    using program = hardware.program({ x: [540, 33] }, ({ x }) => {
      const [weight, bias] = [hardware.empty([33]), hardware.empty([33])];
      const y = batchNorm(x, weight, bias, { training: true });
      return gradients([y], [x, weight, bias], { seeds: [x] });
    });
    assertEquals(program.stats.launches, 6);
  }
  hardware.ledger.destroyAll();
});

gpuTest(
  "batchNorm() gives the same bytes each time, in two launches forward and two backward",
  async (device) => {
    const x = device.tensor(randomValues(3000 * 12, 3, [-1, 1]), { shape: [3000, 12] });
    const weight = device.tensor(randomValues(12, 4, [0.5, 2]));
    const bias = device.tensor(randomValues(12, 5, [-1, 1]));
    const run = () => {
      const y = batchNorm(x, weight, bias, { training: true, activation: { type: "relu" } });
      return [y, ...gradients([y], [x, weight, bias], { seeds: [x] })];
    };
    using program = device.program({}, run);
    program.run();
    const first = await device.read(program.outputs);
    program.run();
    assertEquals(await device.read(program.outputs), first);
    assertEquals(await device.read(run()), first);
    assertEquals(program.stats.launches, 4);
  },
);
