import { assertEquals } from "@std/assert";
import { batchNorm, Device } from "../../../../src/gpu/mod.ts";
import { gradients } from "../../../../src/gpu/autograd/gradients.ts";
import { gpuTest } from "../../../support/gpu.ts";
import { randomValues } from "../../../support/random.ts";
import { ACTIVATIONS, checkTraining } from "./batch_norm_cases.ts";

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
