import { assert, assertEquals, assertMatch } from "@std/assert";
import { RunReport } from "../../../src/dcgan/report/run_report.ts";
import { RunFolder } from "../../../src/dcgan/run/folder/run_folder.ts";
import { train } from "../../../src/dcgan/train.ts";
import { gpuTest } from "../../support/gpu.ts";
import { namesIn, tiny, trainTiny, withFolder } from "../tiny.ts";
import { makeRun } from "./run_folders.ts";

Deno.test("RunReport writes with the first samples, then every ten seconds, and the last numbers", async () => {
  await withFolder(async (folder) => {
    await makeRun(`${folder}/run`);
    const path = `${folder}/run/report.html`;
    let now = 0;
    const report = new RunReport(RunFolder.at(`${folder}/run`), () => {}, () => now);
    const isWritten = async () => {
      const there = (await namesIn(`${folder}/run`)).includes("report.html");
      if (there) await Deno.remove(path);
      return there;
    };
    const after = async (seconds: number, act: () => Promise<void>) => {
      now = 1000 * seconds;
      await act();
      return await isWritten();
    };
    assertEquals(await after(9, () => report.writeIfDue()), false);
    assertEquals(await after(9, () => report.writeFirst()), true);
    assertEquals(await after(10, () => report.writeFirst()), false);
    assertEquals(await after(18, () => report.writeIfDue()), false);
    assertEquals(await after(19, () => report.writeIfDue()), true);
    assertEquals(await after(19, () => report.writeIfChanged()), false);
    report.change();
    assertEquals(await after(19, () => report.writeIfChanged()), true);
  });
});

Deno.test("RunReport takes less than a hundredth of the time", async () => {
  await withFolder(async (folder) => {
    await makeRun(`${folder}/run`);
    // A report takes a second by this clock, whenever it is read twice
    let reads = 0;
    const report = new RunReport(RunFolder.at(`${folder}/run`), () => {}, () => 1000 * reads++);
    let written = 0;
    for (let second = 0; second < 1000; second++) {
      await report.writeIfDue();
      if ((await namesIn(`${folder}/run`)).includes("report.html")) written++;
      await Deno.remove(`${folder}/run/report.html`).catch(() => {});
    }
    assert(written >= 5 && written <= 8, `${written} reports`);
  });
});

Deno.test("RunReport warns once that it cannot write, and again after it could", async () => {
  await withFolder(async (folder) => {
    const run = `${folder}/run`;
    await makeRun(run);
    const warnings: string[] = [];
    const report = new RunReport(RunFolder.at(run), (message) => warnings.push(message));
    await Deno.mkdir(`${run}/report.html/in-the-way`, { recursive: true });
    await report.write();
    await report.write();
    assertEquals(warnings.length, 1);
    assertMatch(
      warnings[0]!,
      /^Cannot write .*report\.html: .*\. Training continues without a new report\.html$/s,
    );
    await Deno.remove(`${run}/report.html`, { recursive: true });
    await report.write();
    await Deno.remove(`${run}/report.html`);
    await Deno.mkdir(`${run}/report.html/in-the-way`, { recursive: true });
    await report.write();
    assertEquals(warnings.length, 2);
    assertEquals((await namesIn(run)).filter((name) => name.endsWith(".tmp")), []);
  });
});

/** The report in a run folder. */
async function readReport(run: string): Promise<{ step: number; grids: { step: number }[] }> {
  const page = await Deno.readTextFile(`${run}/report.html`);
  return JSON.parse(/id="report">(.*)<\/script>/.exec(page)![1]!);
}

gpuTest("train() leaves a report of all steps, also if it is stopped or resumed", async (device) => {
  await withFolder(async (folder) => {
    const run = `${folder}/run`;
    const options = { ...tiny, report: true, sampleEvery: 2, steps: 9, logEvery: 0, out: run };
    for await (const event of train(device, options)) {
      if (event.type === "metrics" && event.step === 5) break;
    }
    assertEquals((await readReport(run)).step, 5);
    await Array.fromAsync(train(device, { resume: run }));
    const { step, grids } = await readReport(run);
    assertEquals([step, grids.map((grid) => grid.step)], [9, [2, 4, 6, 8, 9]]);
  });
});

gpuTest("train() changes nothing else by its report, and goes on without it", async (device) => {
  await withFolder(async (folder) => {
    const options = { steps: 4, sampleEvery: 2 };
    await trainTiny(device, { ...options, out: `${folder}/without` });
    await trainTiny(device, { ...options, report: true, out: `${folder}/with` });
    const files = await namesIn(`${folder}/without`);
    assertEquals(await namesIn(`${folder}/with`), [...files, "report.html"].sort());
    for (const name of ["metrics.jsonl", "metrics.png", "samples/step-000004.png"]) {
      const [one, other] = await Promise.all(
        ["with", "without"].map((run) => Deno.readTextFile(`${folder}/${run}/${name}`)),
      );
      assert(one === other, name);
    }
    const warnings: string[] = [];
    const blocked = { ...tiny, ...options, report: true, out: `${folder}/blocked` };
    for await (const event of train(device, blocked)) {
      if (event.type === "start") await Deno.mkdir(`${blocked.out}/report.html/x`, { recursive: true });
      if (event.type === "warning") warnings.push(event.message);
      if (event.type === "end") assertEquals(event.step, 4);
    }
    assertEquals(warnings.length, 1);
    assertMatch(warnings[0]!, /Training continues without a new report\.html/);
  });
});
