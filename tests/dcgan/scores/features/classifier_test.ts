import { assert, assertEquals, assertRejects } from "@std/assert";
import { type OpenDataset, openDataset } from "../../../../plugins/datasets/mod.ts";
import { defineDataset } from "../../../../plugins/datasets/contract.ts";
import { classLabelsOf, readLabeled } from "../../../../src/dcgan/scores/features/labeled_pictures.ts";
import { openClassifier } from "../../../../src/dcgan/scores/features/open_classifier.ts";
import { gpuTest } from "../../../support/gpu.ts";
import { sideOf, SIZE, squares } from "../picture_sets.ts";

const COUNT = 400;

/** Squares with their side as a label; `seed` makes others. */
async function openSquares(seed = 1): Promise<OpenDataset> {
  const set = squares(COUNT, seed);
  const sides = sideOf(set);
  return await openDataset(
    defineDataset({
      apiVersion: 1,
      name: "squares",
      description: "squares",
      options: {},
      open: () => ({
        length: COUNT,
        shape: [SIZE, SIZE, 1],
        labels: {
          side: { classes: ["left", "right"], at: (index: number) => sides[index]! },
          place: { at: (index: number) => index },
        },
        read(indices, into) {
          for (let i = 0; i < indices.length; i++) {
            into.set(
              set.bytes.subarray(indices[i]! * SIZE ** 2, (indices[i]! + 1) * SIZE ** 2),
              i * SIZE ** 2,
            );
          }
        },
      }),
    }),
    { size: SIZE, channels: 1 },
  );
}

Deno.test("readLabeled() reads every picture once with its class, and knows the set by its content", async () => {
  await using dataset = await openSquares();
  assertEquals(classLabelsOf(dataset), ["side"]);
  const read = await readLabeled(dataset);
  assertEquals([read.count, read.labels.map(({ name, classes }) => [name, classes])], [COUNT, [["side", 2]]]);
  assertEquals(read.labels[0]!.values, sideOf({ bytes: read.pictures, size: SIZE, channels: 1 }));
  assertEquals((await readLabeled(dataset)).key, read.key);
  await using other = await openSquares(2);
  assert((await readLabeled(other)).key !== read.key);
});

gpuTest(
  "a classifier learns the classes, is kept by content, and is trained again if its file is damaged",
  async (device) => {
    const folder = await Deno.makeTempDir();
    await using dataset = await openSquares();
    const data = await readLabeled(dataset);
    const said: string[] = [];
    const open = () => openClassifier(device, data, { report: (message) => void said.push(message), folder });
    let features: Float32Array;
    {
      using trained = await open();
      assert(trained.labels[0]!.accuracy! > 0.9, `${trained.labels[0]!.accuracy}`);
      assertEquals(said.length, 2);
      const { pictures } = data;
      const described = await trained.describe(pictures.subarray(0, 130 * SIZE ** 2));
      assertEquals([described.features.count, described.features.dimensions], [130, 128]);
      const right = described.classes[0]!.filter((one, row) => one === data.labels[0]!.values[row]).length;
      assert(right > 120, `${right} of 130`);
      features = described.features.data as Float32Array;
      // A picture is described the same beside any others
      const one = await trained.describe(pictures.subarray(129 * SIZE ** 2, 130 * SIZE ** 2));
      assertEquals(one.features.data, features.subarray(129 * 128));
      await assertRejects(
        () => trained.describe(pictures.subarray(0, 100)),
        RangeError,
        "must be a multiple of 256",
      );
    }
    {
      using kept = await open();
      assertEquals([said.length, (await kept.describe(data.pictures.subarray(0, SIZE ** 2))).features.data], [
        2,
        features.subarray(0, 128),
      ]);
    }
    const [file] = await Array.fromAsync(Deno.readDir(folder));
    const path = `${folder}/${file!.name}`;
    const bytes = await Deno.readFile(path);
    bytes[bytes.length - 9]! ^= 1;
    await Deno.writeFile(path, bytes);
    using again = await open();
    assert(said[2]!.includes("A new classifier takes its place"), said[2]);
    assertEquals(
      (await again.describe(data.pictures.subarray(0, SIZE ** 2))).features.data,
      features.subarray(0, 128),
    );
  },
);
