import { assertEquals } from "@std/assert";
import { openDataset, resolveDataset } from "../../plugins/datasets/mod.ts";
import { npy } from "./support/files.ts";
import { withFiles } from "./support/folders.ts";
import { parquet } from "./support/parquet_file.ts";
import { zip } from "./support/zip_file.ts";

Deno.test("resolveDataset() goes by what a file holds where its name says nothing", async () => {
  const files = {
    "array": npy([1, 2, 2], new Uint8Array(4)),
    "table.dat": parquet({ images: [Uint8Array.of(1)] }),
    "photos": zip([]),
    "page.html": "<html>",
  };
  await withFiles(files, async (folder) => {
    const found = async (name: string) => (await resolveDataset(`${folder}/${name}`)).plugin.name;
    assertEquals(await Promise.all(["array", "table.dat", "photos", "page.html"].map(found)), [
      "npy",
      "huggingface",
      "folder",
      "folder",
    ]);
  });
});

Deno.test("openDataset() says where something here has the name of a built-in dataset", async () => {
  const { stat } = Deno;
  const told = async (specifier: string, data?: string) => {
    const lines: string[] = [];
    const options = { size: 8, options: { length: 2 }, report: (line: string) => void lines.push(line) };
    await openDataset(specifier, data === undefined ? options : { ...options, data })
      .then((dataset) => dataset.close(), () => {});
    return lines;
  };
  assertEquals(await told("faces"), []);
  Deno.stat = (path) => path === "faces" ? stat(".") : stat(path);
  try {
    assertEquals(await told("faces"), [
      'This is the built-in dataset "faces"; for the data of that name in this folder, give ./faces',
    ]);
    assertEquals(await told("faces", "elsewhere"), []);
  } finally {
    Deno.stat = stat;
  }
});
