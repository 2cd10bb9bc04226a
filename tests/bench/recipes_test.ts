import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { compareRecipes } from "../../bench/recipes/compare_recipes.ts";
import { drawLandscape } from "../../bench/recipes/landscapes.ts";
import { formatComparison } from "../../bench/recipes/recipe_tables.ts";
import { decodePicture } from "../../src/pictures/mod.ts";
import { gpuTest } from "../support/gpu.ts";
import { writeSpots } from "../support/spots.ts";
import { namesIn, withFolder } from "../support/temp_folder.ts";

Deno.test("drawLandscape() draws another landscape for each seed, and the same for the same", () => {
  const [first, second] = [drawLandscape(1), drawLandscape(2)];
  assertEquals(drawLandscape(1), first);
  assertNotEquals(second.data, first.data);
  assertEquals(first.data.length, first.width * first.height * 3);
});

gpuTest("compareRecipes() plans once, trains, scores, and shows runs beside each other", async (device) => {
  await withFolder(async (out) => {
    let made = 0;
    const kind = {
      name: "spots",
      about: "30 spots",
      exists: () => Promise.resolve(true),
      make: async (folder: string) => {
        made++;
        await writeSpots(folder, 30);
      },
    };
    const options = {
      kinds: [kind],
      presets: ["auto"],
      minutes: 0.002,
      seeds: [1],
      out,
      scored: 60,
      timings: 1,
    };
    const results = await compareRecipes(device, options, () => {});
    assertEquals(results.map(({ seed, options: { size } }) => [seed, size]), [[1, 14]]);
    assert(results.every(({ evaluation }) => evaluation!.scores.patchGap!.value > 0));
    const picture = await decodePicture(await Deno.readFile(`${out}/spots-0.002-1.png`));
    assert(picture.width > 1.5 * picture.height);
    const table = formatComparison("an adapter", 0.002, results);
    assert(table.includes("spots, auto: patch gap") && table.includes("(median of 1)"), table);
    // What is there is not done again
    const before = await namesIn(out);
    assertEquals(await compareRecipes(device, options, () => {}), JSON.parse(JSON.stringify(results)));
    assertEquals([await namesIn(out), made], [before, 1]);
    const absent = { ...kind, name: "absent", exists: () => Promise.resolve(false) };
    const said: string[] = [];
    assertEquals(
      await compareRecipes(device, { ...options, kinds: [absent] }, (line) => said.push(line)),
      [],
    );
    assertEquals(said, ["absent is left out: what it is made of is not there"]);
  });
});
