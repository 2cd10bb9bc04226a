import { assert, assertEquals } from "@std/assert";
import { resolveConfig } from "../../src/dcgan/config.ts";
import { recallKernels } from "../../src/dcgan/kernel_memory.ts";
import { Trainer } from "../../src/dcgan/trainer.ts";
import { tuneKernels } from "../../src/dcgan/tuning.ts";
import { gpuTest } from "../support/gpu.ts";
import { batchOf, bytesOf, tiny, withFolder } from "./tiny.ts";

const CONFIG = resolveConfig(tiny);

gpuTest(
  "tuneKernels() tunes all that a step computes, and remembers it",
  async (device) => {
    using trainer = new Trainer(device, CONFIG);
    const { variants } = trainer.kernels;
    await withFolder(async (folder) => {
      const path = `${folder}/kernels.json`;
      const events = await Array.fromAsync(tuneKernels(device, CONFIG, path));
      const tuned = events.filter((event) => event.type === "tuned");
      assertEquals(tuned.map(({ signature }) => signature).sort(), Object.keys(variants).sort());
      assertEquals(tuned.map(({ number }) => number), tuned.map((_, i) => i + 1));
      assert(tuned.every(({ of }) => of === tuned.length));
      assertEquals(events.at(-1), { type: "tuning-end", kernels: tuned.length, path });
      const { table } = await recallKernels(device, path);
      assertEquals(table, new Map(tuned.map(({ signature, variant }) => [signature, variant])));
    });
  },
);

gpuTest(
  "Trainer takes the variants that its config names, and a run with them repeats to the byte",
  async (device) => {
    using standard = new Trainer(device, CONFIG);
    const { adapter, variants } = standard.kernels;
    assertEquals(adapter, device.adapter.name);
    const alone = "wide rows 4 vectors 1 lanes 16 groups 1 splits 1";
    const kernels = {
      adapter,
      variants: Object.fromEntries(Object.keys(variants).map((name) => [name, alone])),
    };
    using first = new Trainer(device, { ...CONFIG, kernels });
    using second = new Trainer(device, { ...CONFIG, kernels: first.kernels });
    assertEquals(first.kernels, kernels);
    for (const trainer of [first, second]) trainer.step(batchOf(0));
    assertEquals(await bytesOf(first), await bytesOf(second));
  },
);

gpuTest("Trainer takes its own defaults where variants were chosen for another adapter", (device) => {
  using standard = new Trainer(device, CONFIG);
  const kernels = {
    adapter: "Voodoo 2",
    variants: { anything: "thin rows 1 vectors 1 lanes 32 groups 2 splits 1" },
  };
  using trainer = new Trainer(device, { ...CONFIG, kernels });
  assertEquals(trainer.kernels, standard.kernels);
});
