import { assertEquals, assertRejects } from "@std/assert";
import { ConfigError } from "../../../src/dcgan/options/config_issue.ts";
import { queryRuns, type RunQuery } from "../../../src/dcgan/runs/query_runs.ts";
import { withFolder } from "../../support/temp_folder.ts";
import { makeRun } from "./run_folders.ts";

async function withRuns(
  body: (names: (query: RunQuery) => Promise<string[]>, folder: string) => Promise<void>,
) {
  await withFolder(async (folder) => {
    await makeRun(`${folder}/a`, {
      options: { preset: "modern", size: 64, steps: 1000, seed: 3 },
      done: 200,
      scores: { 100: { swd: 9, patchGap: 30 }, 200: { swd: 5, patchGap: 18 } },
      written: 3000,
    });
    await makeRun(`${folder}/b`, {
      options: { size: "64x48", dNorm: "none", learningRate: 1e-4, r1: { from: 20, to: 2, steps: 500 } },
      scores: { 10: { swd: 7, patchGap: 25 } },
      written: 2000,
    });
    await makeRun(`${folder}/c`, { options: { flip: true, augment: ["color", "flip"] }, written: 1000 });
    await Deno.writeTextFile(`${await makeRun(`${folder}/d`)}/config.json`, "");
    const names = async (query: RunQuery) =>
      (await queryRuns(folder, query)).runs.map(({ run }) => run.at(-1)!);
    await body(names, folder);
  });
}

Deno.test("queryRuns() filters by options, scores, numbers and facts", async () => {
  await withRuns(async (names) => {
    const cases: readonly (readonly [where: readonly string[], found: string])[] = [
      [[], "abc"],
      [["size=64"], "ac"],
      [["size=64x48"], "b"],
      [["size != 64"], "b"],
      [["patchGap<20"], "a"],
      [["patchGap<=25", "patchGap>18"], "b"],
      [["learning-rate<0.0002"], "b"],
      [["learningRate=1e-4"], "b"],
      [["r1=20:2@500"], "b"],
      // What changes from step to step is neither more nor less than a number
      [["r1>=0"], "ac"],
      [["flip=true"], "c"],
      [["augment=color,flip"], "c"],
      [["recipe=modern"], "a"],
      [["state=stopped", "step>=10"], "abc"],
      // Over the last 100 steps, of which D(x) is 0.1505 in the middle
      [["dReal>0.15", "dReal<0.151"], "a"],
      [["generatorGradientNorm<100"], "a"],
      [["discriminator-gradient-norm=8", "step<20"], "bc"],
      [["written<1970-01-01T00:40"], "bc"],
      [["verdict=good"], "a"],
      [["verdict=noise"], ""],
      [["swd!=7"], "a"],
    ];
    for (const [where, found] of cases) assertEquals((await names({ where })).join(""), found, where.join());
  });
});

Deno.test("queryRuns() sorts numbers by size, and runs without a value last", async () => {
  await withRuns(async (names) => {
    assertEquals(await names({ sort: "swd" }), ["a", "b", "c"]);
    assertEquals(await names({ sort: "-swd" }), ["b", "a", "c"]);
    assertEquals(await names({ sort: "step" }), ["b", "c", "a"]);
    assertEquals(await names({ sort: "-run" }), ["c", "b", "a"]);
  });
});

Deno.test("queryRuns() gives the fields that were asked for, and names damaged runs", async () => {
  await withRuns(async (_, folder) => {
    const fields = ["size", "learning-rate", "bestStep"];
    const { runs, damaged } = await queryRuns(folder, { where: ["swd<6"], fields });
    assertEquals(runs, [{ run: `${folder}/a`, values: { size: 64, learningRate: 5e-4, bestStep: 200 } }]);
    assertEquals(damaged.map(({ run }) => run), [`${folder}/d`]);
    const usual = await queryRuns(folder, { where: ["swd<6"], sort: "patchGap" });
    assertEquals(usual.fields, ["state", "step", "swd", "patchGap"]);
  });
});

Deno.test("queryRuns() refuses what it cannot compare, before it reads", async () => {
  const cases: readonly (readonly [query: RunQuery, option: string, message: string])[] = [
    [{ where: ["size"] }, "where", 'must be a field, an operator and a value, such as size=64, found "size"'],
    [{ where: ["size="] }, "where", "must be a field, an operator and a value"],
    [{ where: ["siz=64"] }, "where", 'must name a field, found "siz"; allowed are run, state'],
    [{ where: ["size=65"] }, "where", "size must be even on each side"],
    [{ where: ["swd<low"] }, "where", 'must compare with a number after <, found "swd<low"'],
    [{ sort: "constructor" }, "sort", 'must name a field, found "constructor"'],
    [{ fields: ["swd", "other"] }, "fields", 'must name a field, found "other"'],
  ];
  for (const [query, option, message] of cases) {
    const error = await assertRejects(() => queryRuns("/nowhere", query), ConfigError, message);
    assertEquals(error.issues[0]!.option, option);
  }
});
