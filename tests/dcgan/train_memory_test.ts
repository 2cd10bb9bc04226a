import { assertEquals, assertRejects } from "@std/assert";
import { train } from "../../src/dcgan/train.ts";
import { gpuTest } from "../support/gpu.ts";
import { heldBytes, namesIn, tiny, trainTiny, withFolder } from "./tiny.ts";

gpuTest("train() gives GPU memory back when a script stops listening", async (device) => {
  // What reading leaves for the next reading is made here, in its full size.
  await withFolder(async (out) => void await trainTiny(device, { out, steps: 1 }));
  const before = heldBytes(device);
  for (const stop of ["start", "metrics", "samples", "checkpoint"]) {
    await withFolder(async (out) => {
      const options = { ...tiny, out, steps: 50, sampleEvery: 1, checkpointEvery: 1 };
      for await (const event of train(device, options)) {
        if (event.type === stop) break;
      }
    });
    assertEquals(heldBytes(device), before, `stopped at ${stop}`);
  }
});

gpuTest(
  "train() gives GPU memory back when its dataset fails, and keeps the last checkpoint",
  async (device) => {
    await withFolder(async (folder) => {
      const plugin = `${folder}/failing.ts`;
      await Deno.writeTextFile(
        plugin,
        `let reads = 0;
      export default {
        apiVersion: 1,
        name: "failing",
        open: ({ size }) => ({
          length: 50,
          shape: [size, size, 3],
          read: (_indices, into) => {
            if (++reads > 3) throw new Error("The disk fell out");
            into.fill(9);
          },
        }),
      };`,
      );
      const out = `${folder}/run`;
      const before = heldBytes(device);
      const options = { data: plugin, out, steps: 9, checkpointEvery: 1, logEvery: 0 };
      await assertRejects(() => trainTiny(device, options), Error, "The disk fell out");
      assertEquals(heldBytes(device), before);
      // One reading was for the picture of real images.
      assertEquals(await namesIn(`${out}/checkpoints`), ["step-000001", "step-000002"]);
    });
  },
);

gpuTest("train() holds the same GPU memory however often it samples and saves", async (device) => {
  await withFolder(async (out) => {
    const held = new Map<number, number>();
    const options = { ...tiny, out, steps: 8, sampleEvery: 1, checkpointEvery: 1, logEvery: 0 };
    for await (const event of train(device, options)) {
      if (event.type === "checkpoint") held.set(event.step, device.ledger.read().bytes);
    }
    assertEquals(held.get(8), held.get(2));
  });
});
