import { assertEquals, assertMatch } from "@std/assert";
import { openDataset } from "../../../plugins/datasets/mod.ts";
import { main } from "../../../src/cli/main.ts";
import { decodePicture, encodePng } from "../../../src/pictures/mod.ts";
import { readImages } from "../../datasets/support/read_images.ts";
import { withFiles } from "../../datasets/support/folders.ts";
import { fakeTerminal } from "../terminal.ts";

/** Calls a command of `datasets`, and gives its exit code and all that it wrote. */
async function call(...words: string[]): Promise<[code: number, text: string]> {
  const terminal = fakeTerminal();
  const code = await main(["datasets", ...words, "--data-workers", "0"], terminal);
  return [code, terminal.output() + terminal.errors()];
}

/** Files of 14 pictures in two classes, each of its own level, of which some are broken. */
async function set(broken: readonly number[]): Promise<Record<string, Uint8Array>> {
  const files = await Promise.all(Array.from({ length: 14 }, async (_, i) => {
    const data = new Uint8Array(16).fill(10 * i + 5).fill(0, 0, 4);
    const png = await encodePng({ width: 4, height: 4, channels: 1, data });
    const name = `${i % 2 ? "dog" : "cat"}/${String(i).padStart(2, "0")}.png`;
    return [name, broken.includes(i) ? png.slice(0, -12) : png] as const;
  }));
  return Object.fromEntries(files);
}

Deno.test("datasets pack writes each picture once, and none in the place of a broken one", async () => {
  await withFiles({ ...await set([1, 6, 7]), "notes.txt": "text" }, async (folder) => {
    const out = `${folder}/set.npy`;
    const [code, text] = await call("pack", folder, "--size", "16", "--out", out, "--data-broken", "50");
    assertEquals(code, 0, text);
    assertMatch(
      text,
      /^Passed over 1 file: 1 \.txt \("notes\.txt"\)\nleft out: cat\/06\.png \(The PNG is cut short/,
    );
    assertMatch(text, /\n11 of 14 images of 16x16x3: .*set\.npy, .*set\.labels\.json\nTrain on it: /);
    await using packed = await openDataset(out, { size: 16 });
    const images = await readImages(packed, Array.from({ length: 11 }, (_, i) => i));
    const levels = Array.from({ length: 11 }, (_, i) => images[(i + 1) * 768 - 1]);
    assertEquals(levels, [0, 2, 4, 8, 10, 12, 3, 5, 9, 11, 13].map((i) => 10 * i + 5));
    const { classes, at } = packed.labels.class!;
    assertEquals(
      levels.map((_, i) => classes![at(i)]),
      [..."cccccc", ..."ddddd"].map((c) => c === "c" ? "cat" : "dog"),
    );
  });
});

Deno.test("datasets preview draws no other picture in the place of a broken one", async () => {
  await withFiles(await set([0]), async (folder) => {
    const out = `${folder}/grid.png`;
    const words = ["preview", folder, "--size", "8", "--count", "5", "--out", out, "--data-broken", "50"];
    const [code, text] = await call(...words);
    assertEquals(code, 0, text);
    assertMatch(text, /^left out: cat\/00\.png .*\n4 of 14 images of 8x8x3: /);
    assertEquals((await decodePicture(await Deno.readFile(out))).width, 22);
  });
});

Deno.test("datasets info looks at one's own pictures, and tells what train would say of them", async () => {
  await withFiles(await set([2, 3]), async (folder) => {
    const [code, text] = await call("info", folder, "--data-broken", "50");
    assertEquals(code, 0, text);
    assertMatch(
      text,
      /^ {2}left out {2}2 of 14: cat\/02\.png \(The PNG is cut short[^)]*\); datasets verify names\s+the\s+others/m,
    );
    const [refused, why] = await call("info", folder);
    assertEquals(refused, 1, why);
    assertMatch(why, /images {3}14, [^]*^ {2}problem {2}At least \d of the 14 pictures/m);
  });
});

Deno.test("datasets verify tells once what is passed over, and at its end that it failed", async () => {
  await withFiles({ ...await set([5]), "sub/x.tif": "II*\0" }, async (folder) => {
    const [code, text] = await call("verify", folder, "--data-broken", "50");
    assertEquals(code, 1, text);
    assertEquals(text.match(/Passed over/g)?.length, 1);
    assertMatch(
      text,
      /left out: dog\/05\.png .*\ngood: 13 of 14 images of 64x64x3\nFAILED: 1 of 14 images cannot be used\n$/,
    );
  });
});
