import { assert, assertEquals, assertRejects } from "@std/assert";
import { MOST_BYTES } from "../../../src/dcgan/report/pictures.ts";
import { writeReport } from "../../../src/dcgan/report/write_report.ts";
import { namesIn, withFolder } from "../tiny.ts";
import { gridName, linesOf, makeRun } from "./run_folders.ts";

Deno.test("writeReport() writes one page, in the run folder or elsewhere", async () => {
  await withFolder(async (folder) => {
    const run = `${folder}/run`;
    await makeRun(run, { grids: [1, 3] });
    assertEquals(await writeReport(`${run}/`), `${run}/report.html`);
    assertEquals(await writeReport(run, { out: `${folder}/other.html` }), `${folder}/other.html`);
    assertEquals(await namesIn(folder), ["other.html", "run"]);
    assert((await Deno.readTextFile(`${run}/report.html`)).startsWith("<!doctype html>"));
    await assertRejects(() => writeReport(folder), Error, "is not a run folder");
    const unknown = { to: "x" } as Record<string, unknown>;
    await assertRejects(() => writeReport(run, unknown), TypeError, "to");
  });
});

Deno.test("writeReport() bounds the page, however much the run has written", async () => {
  await withFolder(async (folder) => {
    const run = `${folder}/run`;
    await makeRun(run, { config: { steps: 40_000 }, steps: 0 });
    await Deno.writeTextFile(
      `${run}/metrics.jsonl`,
      linesOf(1, 40_000, () => ({ penalties: Math.random() })),
    );
    const large = new Uint8Array(2 ** 20);
    for (let step = 1; step <= 40; step++) await Deno.writeFile(`${run}/${gridName(step)}`, large);
    const { size } = await Deno.stat(await writeReport(run));
    assert(size < MOST_BYTES * 4 / 3 + 2 ** 19, `${size} bytes`);
  });
});
