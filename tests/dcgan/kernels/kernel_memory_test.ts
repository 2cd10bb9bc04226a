import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import {
  keepKernels,
  kernelMemoryPath,
  recallKernels,
  rememberKernels,
} from "../../../src/dcgan/kernels/kernel_memory.ts";
import { openDevice } from "../../../src/gpu/mod.ts";
import { gpuTest } from "../../support/gpu.ts";
import { namesIn, withFolder } from "../tiny.ts";

const FOUND = new Map([["matmul NN 4x4 * 4x4", "thin rows 1 vectors 1 lanes 32 groups 2 splits 1"]]);
const LATER = new Map([["matmul NN 8x4 * 4x4", "thin rows 2 vectors 1 lanes 32 groups 2 splits 1"]]);

gpuTest(
  "rememberKernels() keeps variants for recallKernels(), beside those that were there",
  async (device) => {
    await withFolder(async (folder) => {
      const path = `${folder}/new/kernels.json`;
      assertEquals(await recallKernels(device, path), { table: new Map() });
      assertEquals(await rememberKernels(device, FOUND, path), path);
      assertEquals(await recallKernels(device, path), { table: FOUND });
      await rememberKernels(device, LATER, path);
      assertEquals(await recallKernels(device, path), { table: new Map([...FOUND, ...LATER]) });
      assertEquals(await namesIn(`${folder}/new`), ["kernels.json"]);
    });
  },
);

gpuTest("recallKernels() leaves aside what does not count here, and says why", async (device) => {
  await withFolder(async (folder) => {
    const path = `${folder}/kernels.json`;
    await rememberKernels(device, FOUND, path);
    const whole = await Deno.readTextFile(path);
    const file = JSON.parse(whole);
    const cases: [text: string, reason: string][] = [
      [whole.slice(0, -20), "the file is damaged"],
      ["", "the file is damaged"],
      ["[]", "damaged, or from another version"],
      [JSON.stringify({ ...file, format: 2 }), "damaged, or from another version"],
      [JSON.stringify({ ...file, variants: { a: 1 } }), "damaged, or from another version"],
      [JSON.stringify({ ...file, adapter: "Voodoo 2" }), "they are for Voodoo 2"],
      [JSON.stringify({ ...file, deno: "1.0.0" }), "they were found with Deno 1.0.0"],
      [JSON.stringify({ ...file, kernels: "0" }), "the kernels have changed since"],
    ];
    for (const [text, reason] of cases) {
      await Deno.writeTextFile(path, text);
      const { table, warning } = await recallKernels(device, path);
      assertEquals(table, new Map(), reason);
      assertStringIncludes(warning!, reason);
      assertStringIncludes(warning!, `Tuned kernels in ${path} are ignored`);
    }
    await rememberKernels(device, LATER, path);
    assertEquals(await recallKernels(device, path), { table: LATER }, "what does not count is not kept");
  });
});

gpuTest(
  "recallKernels() and rememberKernels() keep out of a folder that others may write to",
  async (device) => {
    if (Deno.build.os === "windows") return;
    await withFolder(async (folder) => {
      const path = `${folder}/open/kernels.json`;
      await rememberKernels(device, FOUND, path);
      await Deno.chmod(`${folder}/open`, 0o777);
      const { table, warning } = await recallKernels(device, path);
      assertEquals(table, new Map());
      assertStringIncludes(warning!, `open" may be written by everybody`);
      await assertRejects(() => rememberKernels(device, LATER, path), Error, "may be written by everybody");
    });
  },
);

Deno.test("keepKernels() keeps variants for recallKernels() where no file holds them", async () => {
  using device = await openDevice();
  await withFolder(async (folder) => {
    keepKernels(device, FOUND);
    assertEquals(await recallKernels(device, `${folder}/none.json`), { table: FOUND });
  });
});

gpuTest("kernelMemoryPath() names the adapter", (device) => {
  const name = kernelMemoryPath(device, "cache")!.slice("cache/".length);
  assertEquals(/^[a-z0-9-]+\.json$/.test(name), true, name);
});
