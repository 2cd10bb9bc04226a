import { assert, assertEquals } from "@std/assert";
import { train } from "../../../src/dcgan/train.ts";
import type { Trainer } from "../../../src/dcgan/trainer.ts";
import { gpuTest } from "../../support/gpu.ts";
import { tiny, withFolder } from "../tiny.ts";

const quiet = { ...tiny, sampleEvery: 0, checkpointEvery: 0, scoreEvery: 0, logEvery: 3600 } as const;

gpuTest("train() gives begin() its trainer before the first step, restored if resumed", async (device) => {
  await withFolder(async (out) => {
    const begun: number[] = [];
    let last: Trainer | undefined;
    const hooks = {
      begin(trainer: Trainer) {
        begun.push(trainer.steps);
        last = trainer;
      },
    };
    for await (const event of train(device, { ...quiet, out, steps: 2 }, hooks)) {
      if (event.type === "start") assertEquals(begun, [0]);
      if (event.type === "metrics") assertEquals(last!.steps, event.step);
    }
    await Array.fromAsync(train(device, { resume: out, steps: 3 }, hooks));
    assertEquals(begun, [0, 2]);
  });
});

gpuTest("train() runs as many steps as stepsAhead() allows before it reports", async (device) => {
  await withFolder(async (out) => {
    const reported: number[] = [];
    let most = 1;
    const hooks = { stepsAhead: () => most };
    for await (const event of train(device, { ...quiet, out, steps: 12 }, hooks)) {
      if (event.type !== "metrics") continue;
      reported.push(event.step);
      if (event.step === 3) most = 2;
      if (event.step === 5) most = 0;
      if (event.step === 6) most = Infinity;
    }
    // None at all would be a loop without end
    assertEquals(reported.slice(0, 5), [1, 2, 3, 5, 6]);
    assert(reported.length < 9, `${reported}`);
  });
});

gpuTest("train() writes checkpoints when checkpointDue() says so, one of a step", async (device) => {
  await withFolder(async (out) => {
    const written: number[] = [];
    const hooks = { stepsAhead: () => 1, checkpointDue: () => true };
    for await (const event of train(device, { ...quiet, out, steps: 3 }, hooks)) {
      if (event.type === "checkpoint") written.push(event.step);
    }
    // The last one is that of the end
    assertEquals(written, [1, 2, 3]);
    const more = train(device, { resume: out, steps: 4 }, hooks);
    const types = (await Array.fromAsync(more)).map(({ type }) => type);
    assertEquals(types.filter((type) => type === "checkpoint").length, 1);
  });
});
