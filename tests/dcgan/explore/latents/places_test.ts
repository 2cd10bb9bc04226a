import { assert, assertEquals } from "@std/assert";
import * as v from "valibot";
import { latentsAt, placeOf, seedPlaces } from "../../../../src/dcgan/explore/latents/places.ts";
import { openGenerator } from "../../../../src/dcgan/explore/open_generator.ts";
import { gpuTest } from "../../../support/gpu.ts";
import { trainTiny, withFolder } from "../../tiny.ts";

Deno.test("seedPlaces() reads seeds and samples of seeds, and nothing else", () => {
  const { fromText, schema } = seedPlaces(2, 3);
  assertEquals(fromText("1, 7:23,5"), [1, "7:23", 5]);
  for (const good of ["1,5,9", "7:23,0", "4294967295,7:65535"]) assert(v.is(schema, fromText(good)), good);
  for (
    const bad of [
      "1",
      "1,2,3,4",
      "1,",
      "a,b",
      "-1,2",
      "4294967296,1",
      "7:65536,1",
      "1.5,2",
      "1:2:3,4",
      "1e3,2",
    ]
  ) {
    assert(!v.is(schema, fromText(bad)), bad);
  }
  assertEquals([placeOf(7), placeOf("7:23")], [{ seed: 7, sample: 0 }, { seed: 7, sample: 23 }]);
});

gpuTest("latentsAt() are the latent vectors of samples", async (device) => {
  await withFolder(async (out) => {
    await trainTiny(device, { out, steps: 1, sampleEvery: 0 });
    using generator = await openGenerator(device, out);
    const all = generator.latents(7, 70);
    const { latent } = generator;
    const [first, other] = latentsAt(generator, [7, "7:66"]);
    assertEquals(first, all.slice(0, latent));
    assertEquals(other, all.slice(66 * latent, 67 * latent));
  });
});
