import { assertEquals } from "@std/assert";
import { History } from "../../../src/dcgan/numbers/history.ts";
import { resolveConfig } from "../../../src/dcgan/options/config.ts";
import { RunFolder } from "../../../src/dcgan/run/folder/run_folder.ts";
import { RunPictures } from "../../../src/dcgan/run/pictures.ts";
import { train } from "../../../src/dcgan/train.ts";
import { gpuTest } from "../../support/gpu.ts";
import { stepOf } from "../report/run_folders.ts";
import { namesIn, tiny, trainTiny, withFolder } from "../tiny.ts";

Deno.test("RunPictures plots at once, then every ten seconds, and what is left at the end", async () => {
  await withFolder(async (folder) => {
    let now = 0;
    const pictures = new RunPictures(resolveConfig(tiny), RunFolder.at(folder), () => now);
    const history = History.of([stepOf(1)]);
    const after = async (seconds: number, write: () => Promise<unknown>) => {
      now = 1000 * seconds;
      await write();
      const there = (await namesIn(folder)).includes("metrics.png");
      if (there) await Deno.remove(`${folder}/metrics.png`);
      return there;
    };
    const ifDue = () => Array.fromAsync(pictures.writePlotIfDue(history, []));
    const leave = () => pictures.leavePlot(history, []);
    assertEquals(await after(1, leave), false);
    assertEquals(await after(1, ifDue), true);
    assertEquals(await after(2, leave), false);
    assertEquals(await after(10, ifDue), false);
    assertEquals(await after(11, ifDue), true);
    assertEquals(await after(12, ifDue), false);
    assertEquals(await after(12, leave), true);
    assertEquals(await after(12, leave), false);
    assertEquals(await after(13, () => Array.fromAsync(pictures.writePlot(history, []))), true);
  });
});

gpuTest("the plot of a run shows all of its steps, however it ends", async (device) => {
  await withFolder(async (folder) => {
    const options = { ...tiny, steps: 9, sampleEvery: 1, checkpointEvery: 3 };
    const plot = (name: string) => Deno.readFile(`${folder}/${name}/metrics.png`);
    await trainTiny(device, { ...options, out: `${folder}/whole` });
    for await (const event of train(device, { ...options, out: `${folder}/broken` })) {
      if (event.type === "samples" && event.step === 6) break;
    }
    await Array.fromAsync(train(device, { ...options, out: `${folder}/six`, steps: 6 }));
    assertEquals(await plot("broken"), await plot("six"));
    await Array.fromAsync(train(device, { resume: `${folder}/broken` }));
    assertEquals(await plot("broken"), await plot("whole"));
  });
});
