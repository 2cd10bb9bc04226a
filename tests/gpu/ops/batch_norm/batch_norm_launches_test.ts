import { assertEquals } from "@std/assert";
import { batchNorm, type Device } from "../../../../src/gpu/mod.ts";
import { gradients } from "../../../../src/gpu/autograd/gradients.ts";
import { gpuTest } from "../../../support/gpu.ts";
import { onProcessor } from "../../../support/other_adapters.ts";
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
  await onProcessor(device, (processor) => {
    assertEquals([launches(processor, 128), launches(processor, 124)], [2, 4]);
  });
});

gpuTest(
  "batchNorm() gives the same bytes each time, in two launches forward and two backward on a processor",
  async (device) => {
    await onProcessor(device, async (processor) => {
      const x = processor.tensor(randomValues(3000 * 12, 3, [-1, 1]), { shape: [3000, 12] });
      const weight = processor.tensor(randomValues(12, 4, [0.5, 2]));
      const bias = processor.tensor(randomValues(12, 5, [-1, 1]));
      const run = () => {
        const y = batchNorm(x, weight, bias, { training: true, activation: { type: "relu" } });
        return [y, ...gradients([y], [x, weight, bias], { seeds: [x] })];
      };
      using program = processor.program({}, run);
      program.run();
      const first = await processor.read(program.outputs);
      program.run();
      assertEquals(await processor.read(program.outputs), first);
      assertEquals(await processor.read(run()), first);
      assertEquals(program.stats.launches, 4);
    });
  },
);
