import { assert, assertEquals, assertMatch } from "@std/assert";
import { MOST_GRIDS } from "../../../src/dcgan/report/pictures.ts";
import { reportOf } from "../../../src/dcgan/report/report.ts";
import { RunReader } from "../../../src/dcgan/report/run_reader.ts";
import { withFolder } from "../tiny.ts";
import { type MadeRun, makeRun, scoresOf } from "./run_folders.ts";

/** The report of a made run. */
async function reportOfMade(made: MadeRun, embed = true) {
  let report: Awaited<ReturnType<typeof reportOf>>;
  await withFolder(async (folder) => {
    await makeRun(`${folder}/run`, made);
    report = await reportOf(await new RunReader(`${folder}/run`).read(), embed);
  });
  return report!;
}

Deno.test("reportOf() holds the pictures, or names them", async () => {
  const made = { steps: 4, grids: [1, 4], real: true };
  const held = await reportOfMade(made);
  assertEquals(held.grids.map(({ step }) => step), [1, 4]);
  for (const source of [held.real!, ...held.grids.map(({ source }) => source)]) {
    assertMatch(source, /^data:image\/png;base64,iVBORw0KGgo[A-Za-z0-9+/]+=*$/);
  }
  const named = await reportOfMade(made, false);
  assertMatch(named.real!, /^real\.png\?\d+$/);
  assertMatch(named.grids[1]!.source, /^samples\/step-000004\.png\?\d+$/);
});

Deno.test("reportOf() says which grids are left out", async () => {
  const grids = Array.from({ length: 30 }, (_, i) => i + 1);
  const { grids: shown, pictureNotes } = await reportOfMade({ steps: 30, grids });
  assertEquals(shown.length, MOST_GRIDS);
  assertMatch(pictureNotes.join(), /^24 of 30 grids of samples are in this file, chosen evenly/);
  assertEquals((await reportOfMade({ grids: [1, 2] })).pictureNotes, []);
});

Deno.test("reportOf() names the rows of a conditional run, if a grid has any", async () => {
  const config = { conditional: "label", classes: ["cat", "dog"] };
  const { pictureNotes, dataset } = await reportOfMade({ config });
  assertEquals(pictureNotes, ["Each row of samples is a class, from the top: cat, dog."]);
  assert(dataset.some(([name, value]) => name === "Labels" && value === "2 classes: cat, dog"));
  assertEquals((await reportOfMade({ config: { ...config, samples: 3 } })).pictureNotes, []);
});

Deno.test("reportOf() shows the first scores, the best and the last", async () => {
  const scores = [scoresOf(1, 900), scoresOf(2, 200), scoresOf(3, 100), scoresOf(4, 300)];
  const report = await reportOfMade({ steps: 4, scores });
  assertEquals(report.scoredSteps, [1, 3, 4]);
  assertEquals(report.scores.find(({ title }) => title === "sliced Wasserstein")?.values, [
    "900 ± 1",
    "100 ± 1",
    "300 ± 1",
  ]);
  assertEquals([report.best, report.verdict?.step], [3, 4]);
  assertEquals((await reportOfMade({})).verdict, null);
});

Deno.test("reportOf() tells of a changed option, the dataset and the machine", async () => {
  const report = await reportOfMade({
    config: {
      changes: [{ step: 2, option: "batch", from: 64, to: 128 }],
      kernels: { adapter: "a card", variants: {} },
      dataOptions: { split: "test" },
    },
    real: true,
  });
  assertEquals(report.changes, ["After step 2: batch from 64 to 128"]);
  const facts = Object.fromEntries([...report.dataset, ...report.machine]);
  assertEquals(facts.Images, "1,000");
  assertEquals(facts.Shape, "16x16, 3 channels (color)");
  assertEquals(facts["Option split"], "test");
  assertEquals(facts.Adapter, "a card");
  assertMatch(facts["This report is made by"]!, /^@x\/dcgan \d+\.\d+\.\d+ on Deno \d/);
});
