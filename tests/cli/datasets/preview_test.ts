import { assertEquals, assertMatch } from "@std/assert";
import { decodePicture, encodePng } from "../../../src/pictures/mod.ts";
import { ramp } from "../../pictures/files.ts";
import { tar } from "../../datasets/support/files.ts";
import { withFiles } from "../../datasets/support/folders.ts";
import { good } from "./call_datasets.ts";

Deno.test("datasets preview draws as many images as there are, from first to last", async () => {
  await withFiles({}, async (folder) => {
    const out = `${folder}/grid.png`;
    const output = await good("preview", "faces", "--data-length", "9", "--size", "32", "--out", out);
    assertEquals(output, `9 of 9 images of 32x32x3: ${out}\n`);
    const { width, height } = await decodePicture(await Deno.readFile(out));
    assertEquals([width, height], [3 * 34 + 2, 3 * 34 + 2]);
  });
});

Deno.test("datasets preview takes shards that are named with braces", async () => {
  const photo = await encodePng(ramp(20, 20));
  const shard = tar([{ name: "0.png", data: photo }, { name: "0.cls", data: new TextEncoder().encode("3") }]);
  await withFiles({ "a0.tar": shard, "a1.tar": shard }, async (folder) => {
    const root = `${folder}/a{0..1}.tar`;
    const output = await good("preview", "webdataset", "--data-root", root, "--out", `${folder}/grid.png`);
    assertMatch(output, /^2 of 2 images of 64x64x3: /);
  });
});
