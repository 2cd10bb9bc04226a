import { assert, assertEquals, assertRejects } from "@std/assert";
import { checkpointsIn } from "../../src/dcgan/checkpoints/checkpoint.ts";
import { train } from "../../src/dcgan/train.ts";
import { DeviceLostError, openDevice } from "../../src/gpu/mod.ts";
import { tiny, withFolder } from "./tiny.ts";

Deno.test("train() on a device that is lost ends with a DeviceLostError, and keeps its checkpoints", async () => {
  await withFolder(async (folder) => {
    for (const moment of ["checkpoint", "metrics"] as const) {
      using device = await openDevice();
      const out = `${folder}/${moment}`;
      const run = async () => {
        const options = { ...tiny, out, steps: 400, sampleEvery: 3, checkpointEvery: 2, logEvery: 0.001 };
        let checkpoints = 0;
        for await (const { type } of train(device, options)) {
          if (type === "checkpoint") checkpoints++;
          if (type === moment && checkpoints > 0) device.gpu.destroy();
        }
      };
      const error = await assertRejects(run, DeviceLostError);
      assertEquals([moment, error.kind], [moment, "lost"]);
      const [latest] = await checkpointsIn(`${out}/checkpoints`);
      assert(latest !== undefined);
    }
  });
});
