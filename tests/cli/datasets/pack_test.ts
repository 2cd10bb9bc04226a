import { assertEquals, assertMatch } from "@std/assert";
import { withFiles } from "../../datasets/support/folders.ts";
import { call, good } from "./call_datasets.ts";

Deno.test("datasets pack writes what training and NumPy read, with the labels", async () => {
  await withFiles({}, async (folder) => {
    const out = `${folder}/faces.npy`;
    const output = await good(
      "pack",
      "faces",
      "--data-length",
      "5",
      "--size",
      "16",
      "--channels",
      "1",
      "--out",
      out,
    );
    assertMatch(output, /^5 images of 16x16x1: .*faces\.npy, .*faces\.labels\.json\nTrain on it: /);
    assertMatch(await good("verify", out), /good: all 5 images of 64x64x1\n$/);
    const labels = JSON.parse(await Deno.readTextFile(`${folder}/faces.labels.json`));
    assertEquals(labels.glasses.values.length, 5);
    assertEquals([...Deno.readDirSync(folder)].length, 2);
    assertMatch(output, / --size 16\n$/);
    const small = await good(
      "pack",
      "faces",
      "--data-length",
      "2",
      "--size",
      "7",
      "--out",
      `${folder}/7.npy`,
    );
    assertMatch(small, / train --data \S+7\.npy\n$/);
    const wide = ["--size", "24x16", "--channels", "4", "--out", `${folder}/wide.npy`];
    const alpha = await good("pack", "faces", "--data-length", "2", ...wide);
    assertMatch(alpha, /^2 images of 24x16x4: .*\n.* --size 24x16 --channels 4\n$/);
  });
});

Deno.test("datasets pack leaves no labels of other images behind, and nothing where it fails", async () => {
  const set = (labels: string) =>
    `export default { apiVersion: 1, name: "set", open: ({ size }) => ({
      length: 3, shape: [size, size, 1], read: (_, into) => void into.fill(5), ${labels} }) };`;
  const files = {
    "with.ts": set("labels: { kind: { at: (i) => i } }"),
    "without.ts": set(""),
    "broken.ts": set("labels: { kind: { at: (i) => i === 2 ? NaN : i } }"),
  };
  await withFiles(files, async (folder) => {
    const out = `${folder}/set.npy`;
    const pack = (name: string) =>
      call("pack", `${folder}/${name}.ts`, "--size", "16", "--out", out, "--overwrite");
    const left = async () =>
      (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).filter((name) =>
        name.startsWith("set.")
      ).sort();
    assertEquals((await pack("broken")).code, 1);
    assertEquals(await left(), []);
    assertEquals((await pack("with")).code, 0);
    assertEquals(await left(), ["set.labels.json", "set.npy"]);
    assertEquals((await pack("broken")).code, 1);
    assertEquals(await left(), ["set.labels.json", "set.npy"]);
    assertEquals((await pack("without")).code, 0);
    assertEquals(await left(), ["set.npy"]);
  });
});
