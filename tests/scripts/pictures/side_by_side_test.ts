import { assertEquals, assertNotEquals } from "@std/assert";
import { CASES } from "../../../scripts/pictures/cases.ts";
import { sideBySide } from "../../../scripts/pictures/side_by_side.ts";
import { checkOptions } from "../../../src/dcgan/options/config.ts";
import { gpuTest } from "../../support/gpu.ts";
import { namesIn, withFolder } from "../../support/temp_folder.ts";

Deno.test("cases differ in their runs, with options that are allowed", () => {
  for (const [name, { shared, runs, steps }] of Object.entries(CASES)) {
    for (const step of steps) assertEquals(step % steps[0], 0, name);
    const all = Object.values(runs).map((options) => ({ ...shared, ...options }));
    assertEquals(new Set(all.map((one) => JSON.stringify(one))).size, all.length, name);
    for (const one of all) checkOptions(one);
  }
});

gpuTest("sideBySide() trains each run once, and draws the same latents at each step", async (device) => {
  await withFolder(async (folder) => {
    const tiny = { data: "faces", size: 16, ngf: 4, ndf: 4, latent: 8, batch: 4 } as const;
    const runs = { one: {}, "the other": { learningRate: 0.01 } };
    const told: string[] = [];
    const draw = (curve?: readonly [string, string]) =>
      sideBySide(
        device,
        { shared: tiny, runs, steps: [1, 2], ...(curve ? { curve } : {}) },
        folder,
        (line) => void told.push(line),
      );
    const picture = await draw();
    assertEquals(told, [`one: ${folder}/one`, `the other: ${folder}/the-other`]);
    assertEquals(await namesIn(folder), ["one", "the-other"]);
    // 4 rows of 12 images, each pixel a square of 4 x 4, beside their names
    assertEquals(picture.height, 4 * 70 + 6);
    const row = (at: number) =>
      picture.data.subarray((6 + 70 * at) * picture.width * 3, 70 * (at + 1) * picture.width * 3);
    assertNotEquals(row(0), row(1));
    assertNotEquals(row(0), row(2));
    const withCurve = await draw(["generatorLoss", "Loss"]);
    assertEquals(withCurve.height, picture.height + 260);
    assertEquals(told.length, 2);
  });
});
