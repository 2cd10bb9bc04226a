import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { main } from "../../../src/cli/main.ts";
import { ageText } from "../../../src/cli/runs/age_text.ts";
import { fitTable } from "../../../src/cli/runs/fit_table.ts";
import { listText } from "../../../src/cli/runs/list_text.ts";
import { listRuns } from "../../../src/dcgan/runs/list_runs.ts";
import { makeRun } from "../../dcgan/runs/run_folders.ts";
import { withFolder } from "../../support/temp_folder.ts";
import { fakeTerminal } from "../terminal.ts";

async function call(line: string, columns = 80): Promise<{ code: number; output: string; errors: string }> {
  const terminal = fakeTerminal({ isTerminal: true, columns });
  const code = await main(line.split(" "), terminal);
  return { code, output: terminal.output(), errors: terminal.errors() };
}

/** A folder with runs that have long names and all that a line can have. */
async function withRuns(body: (folder: string) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    await makeRun(`${folder}/a-run-with-quite-a-long-name-1`, {
      options: { data: "/some/where/photos-of-the-summer", preset: "modern", size: "64x48", steps: 100_000 },
      done: 200,
      scores: { 200: { swd: 12.345, patchGap: 18 } },
      written: 2000,
    });
    await makeRun(`${folder}/a-run-with-quite-a-long-name-2`, { options: { steps: 10 }, written: 1000 });
    await Deno.writeTextFile(`${await makeRun(`${folder}/bad\x1b[31m`)}/config.json`, "");
    await body(folder);
  });
}

Deno.test("runs list fits 80 and 120 columns, and names what is damaged", async () => {
  await withRuns(async (folder) => {
    const runs = (await listRuns(folder)).map((run) => ({ ...run, run: run.run.replace(folder, "runs") }));
    const now = new Date(2000 * 1000 + 3 * 3600 * 1000);
    for (const columns of [80, 120]) {
      const [table, damaged] = listText("runs", runs, columns, now).split("\n\n");
      const lines = table!.split("\n");
      assert(lines.every((line) => line.length <= columns), table);
      assertEquals(lines.length, 4);
      assertStringIncludes(damaged!, "1 damaged run:\nruns/bad\\x1b[31m: Cannot read");
      if (columns === 120) {
        assertEquals(
          lines[2]!.replaceAll(/ +/g, " "),
          "runs/a-run-with-quite-a-long-name-1 stopped photos-of-the-summer 64x48 modern 200/100000 3 h 12.3 good",
        );
      } else assert(lines[2]!.includes("name-1  stopped") && lines[3]!.includes("name-2  finished"), table);
    }
  });
});

Deno.test("runs list, compare and query say what they find, and warn of damaged runs on standard error", async () => {
  await withRuns(async (folder) => {
    const [first, second] = [1, 2].map((n) => `${folder}/a-run-with-quite-a-long-name-${n}`);
    const bad = `${folder}/bad\x1b[31m`;
    const list = await call(`runs ${folder}`);
    assertEquals([list.code, list.errors], [0, ""]);
    assertStringIncludes(list.output, "1 damaged run:");
    const compared = await call(`runs compare ${first} ${second} ${bad}`, 120);
    assertEquals(compared.code, 1);
    assertStringIncludes(compared.errors, "bad\\x1b[31m was left out: Cannot read");
    const rows = compared.output.split("\n").map((line) => line.trim().split(/ {2,}/));
    for (
      const row of [["--loss", "rpgan", "non-saturating"], ["steps", "200/100000", "10/10"], [
        "patch gap",
        "18.0",
        "-",
      ]]
    ) {
      assert(rows.some((found) => found.join() === row.join()), compared.output);
    }
    const found = await call(
      `runs query ${folder} --where patchGap<20 --fields size,learning-rate,dReal,patchGap`,
      120,
    );
    assertEquals(found.code, 0);
    const [titles, line] = found.output.trimEnd().split("\n").map((line) => line.split(/ {2,}/));
    assertEquals(titles, ["run", "size", "learningRate", "dReal", "patchGap"]);
    assertEquals(line!.slice(1), ["64x48", "0.0005", "0.150", "18"]);
    assertStringIncludes(found.errors, "was left out");
    assertEquals((await call(`runs query ${folder} --where swd<1`)).output, "No run meets all conditions.\n");
  });
});

Deno.test("runs refuses what it cannot do, with what to do", async () => {
  await withFolder(async (folder) => {
    assertStringIncludes(
      (await call(`runs list ${folder}`)).output,
      `There are no runs in ${folder}. Start one:`,
    );
    const cases: readonly (readonly [line: string, code: number, message: string])[] = [
      [`runs list ${folder}/none`, 1, "it must be a folder, found none"],
      [`runs compare ${folder}`, 1, "at least two must be given, found 1"],
      [`runs query ${folder} --where size`, 2, "--where must be a field, an operator and a value"],
      [`runs query ${folder} --sort siz`, 2, "--sort must name a field"],
      ["runs lst", 1, "Cannot list the runs in lst"],
    ];
    for (const [line, code, message] of cases) {
      const found = await call(line);
      assertEquals(found.code, code, line);
      assertStringIncludes(found.errors, message);
    }
  });
});

Deno.test("fitTable() shortens the widest of some columns, from their beginning", () => {
  const rows = [["name", "n"], ["a/long/path/to/somewhere", "12345"]];
  assertEquals(fitTable(rows, 80, [0]), "name                      n\na/long/path/to/somewhere  12345\n");
  assertEquals(fitTable(rows, 19, [0]), "name          n\n…o/somewhere  12345\n");
  // A cell keeps eight letters, even if lines are then wider
  assertEquals(fitTable(rows, 5, [0]).split("\n")[1], "…mewhere  12345");
});

Deno.test("ageText() says how long ago something was", () => {
  const now = new Date("2026-06-01T12:00:00Z");
  for (
    const [then, text] of [
      ["2026-06-01T11:59:30Z", "now"],
      ["2026-06-01T12:10:00Z", "now"],
      ["2026-06-01T11:01:00Z", "59 min"],
      ["2026-05-31T12:30:00Z", "23 h"],
      ["2026-03-01T12:00:00Z", "92 d"],
      ["2026-01-01T12:00:00Z", "2026-01-01"],
    ] as const
  ) assertEquals(ageText(new Date(then), now), text);
});
