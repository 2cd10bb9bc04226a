import { assertEquals } from "@std/assert";
import { lastSteps } from "../../../src/dcgan/numbers/last_steps.ts";
import { withFolder } from "../../support/temp_folder.ts";
import { metricsOf } from "../runs/run_folders.ts";

Deno.test("lastSteps() reads the end of a file, whole lines only", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/metrics.jsonl`;
    assertEquals(await lastSteps(path, 5), []);
    const lines = Array.from({ length: 3000 }, (_, i) => `${JSON.stringify(metricsOf(i + 1))}\n`).join("");
    await Deno.writeTextFile(path, `${lines}{"step": 3001, "epo`);
    const all = (await lastSteps(path, 100)).map(({ step }) => step);
    assertEquals([all.length, all[0], all.at(-1)], [100, 2901, 3000]);
    await Deno.writeTextFile(path, `${JSON.stringify(metricsOf(1))}\n`);
    assertEquals(await lastSteps(path, 100), [metricsOf(1)]);
  });
});
