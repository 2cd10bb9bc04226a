import { assert, assertEquals } from "@std/assert";
import { drawTriples, latentSums, pixelSums } from "../../../../src/dcgan/experiments/arithmetic/sums.ts";
import { combine, meanLatent } from "../../../../src/dcgan/explore/arithmetic/vector_arithmetic.ts";
import { openGenerator } from "../../../../src/dcgan/explore/open_generator.ts";
import { gpuTest } from "../../../support/gpu.ts";
import { trainTiny, withFolder } from "../../tiny.ts";

Deno.test("drawTriples() draws exemplars of each group, none twice in a sum, the same for a seed", () => {
  const groups = [[1, 3, 5], [2, 4, 6, 8], [7, 9, 11, 13, 15]];
  const triples = drawTriples(groups, 3, 50, 1);
  assertEquals(drawTriples(groups, 3, 50, 1), triples);
  assertEquals(triples.length, 50);
  for (const triple of triples) {
    for (const [group, places] of triple.entries()) {
      assertEquals(new Set(places).size, 3);
      assert(places.every((at) => groups[group]!.includes(at)), `${places}`);
    }
  }
  // All of them are drawn some time
  assertEquals(new Set(triples.flatMap(([, , c]) => c)).size, 5);
  assert(JSON.stringify(drawTriples(groups, 3, 50, 2)) !== JSON.stringify(triples));
});

Deno.test("pixelSums() adds mean pictures, and cuts off what is too dark or too bright", () => {
  const pictures = Uint8Array.of(10, 250, 20, 150, 30, 0, 200, 255);
  const sums = pixelSums({ pictures }, 2, [[[0, 1], [2], [1]], [[3], [2], [0]], [[2], [3], [2]]]);
  assertEquals([...sums], [15 - 30 + 20, 255, 200 - 30 + 10, 255, 0, 0]);
});

gpuTest("latentSums() draws the sums of mean latent vectors", async (device) => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    await trainTiny(device, { data: "faces", steps: 1, out });
    using generator = await openGenerator(device, out);
    const { latent } = generator;
    const latents = generator.latents(3, 5);
    const pool = { latents, pictures: new Uint8Array(), labels: undefined };
    const of = (...places: number[]) =>
      meanLatent(places.map((at) => latents.subarray(at * latent, (at + 1) * latent)));
    const drawn = await latentSums(generator, pool, [[[0, 1], [2, 3], [3, 4]], [[4], [0], [1]]]);
    const expected = [combine(of(0, 1), of(2, 3), of(3, 4)), combine(of(4), of(0), of(1))];
    for (const [row, vector] of expected.entries()) {
      const length = generator.pictureLength;
      assertEquals(drawn.slice(row * length, (row + 1) * length), await generator.draw(vector));
    }
  });
});
