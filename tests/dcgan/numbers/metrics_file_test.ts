import { assert, assertEquals, assertRejects } from "@std/assert";
import type { StepMetrics } from "../../../src/dcgan/run/events.ts";
import { MetricsFile } from "../../../src/dcgan/numbers/metrics_file.ts";
import { FaultyFiles } from "../../support/faulty_files.ts";
import { withFolder } from "../tiny.ts";

function stepOf(step: number): StepMetrics {
  const numbers = { generatorLoss: 1.5, discriminatorLossReal: 0.25, discriminatorLossFake: 0.5 };
  return { step, epoch: step / 8, ...numbers, dReal: 0.75, dFake: 0.25, dFakeAfter: 0.125 };
}

const line = (step: number): string => `${JSON.stringify(stepOf(step))}\n`;
const lines = (first: number, last: number): string =>
  Array.from({ length: last - first + 1 }, (_, i) => line(first + i)).join("");

/** What is in a file, what is found up to step 8, and what is then left. */
const cases: Readonly<
  Record<string, { text: string; missing?: number; wrong?: number; isWhole?: boolean; left?: string }>
> = {
  "every step": { text: lines(1, 8) },
  "later steps, the last cut": { text: lines(1, 10) + line(11).slice(0, 40) },
  "nothing": { text: "", missing: 8, left: "" },
  "the last lines missing": { text: lines(1, 5), missing: 3, left: lines(1, 5) },
  "lines missing within": { text: lines(1, 3) + lines(6, 9), missing: 2, left: lines(1, 3) + lines(6, 8) },
  "a cut line": {
    text: lines(1, 3) + line(4).slice(0, 30) + "\n" + lines(5, 8),
    missing: 1,
    wrong: 1,
    isWhole: false,
    left: lines(1, 3) + lines(5, 8),
  },
  "a line cut, and the next glued to it": {
    text: lines(1, 3) + line(4).slice(0, 30) + lines(5, 8),
    missing: 2,
    wrong: 1,
    isWhole: false,
    left: lines(1, 3) + lines(6, 8),
  },
  "the last line without its end": { text: lines(1, 8).slice(0, -1), isWhole: false },
  "zeros of a power cut": {
    text: lines(1, 4) + "\0".repeat(5000),
    missing: 4,
    wrong: 1,
    isWhole: false,
    left: lines(1, 4),
  },
  "garbage, and other JSON": {
    text: lines(1, 2) + `\xff\xfegarbage\n[]\nnull\n{"step":7}\n{"step":-1}\n` + lines(3, 8),
    wrong: 5,
    isWhole: false,
  },
  "all twice": { text: lines(1, 8) + lines(1, 8) },
  "each line twice": {
    text: Array.from({ length: 8 }, (_, i) => line(i + 1).repeat(2)).join(""),
    wrong: 7,
    isWhole: false,
  },
  "a part twice": { text: lines(1, 6) + lines(4, 8), wrong: 3, isWhole: false },
  "one endless line": { text: "x".repeat(300_000), missing: 8, wrong: 1, isWhole: false, left: "" },
};

for (
  const [name, { text, missing = 0, wrong = 0, isWhole = true, left = lines(1, 8) }] of Object.entries(cases)
) {
  Deno.test(`MetricsFile.read() finds what is wrong, and keep() leaves what is right: ${name}`, async () => {
    await withFolder(async (folder) => {
      const path = `${folder}/metrics.jsonl`;
      await Deno.writeFile(path, Uint8Array.from(text, (character) => character.charCodeAt(0)));
      const file = new MetricsFile(path);
      const read = await file.read(8);
      assertEquals([read.missing, read.wrong, read.isWhole], [missing, wrong, isWhole]);
      assertEquals(read.history.count, 8 - missing);
      await file.keep(read);
      assertEquals(await Deno.readTextFile(path), left);
      assertEquals((await file.read(8)).isWhole, true);
      assertEquals((await Array.fromAsync(Deno.readDir(folder))).length, 1);
    });
  });
}

Deno.test("MetricsFile takes a file that is not there for one without steps", async () => {
  await withFolder(async (folder) => {
    const file = new MetricsFile(`${folder}/metrics.jsonl`);
    const read = await file.read(3);
    assertEquals([read.missing, read.wrong], [3, 0]);
    await file.keep(read);
    await file.sync();
    assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
  });
});

Deno.test("MetricsFile.read() names a file that cannot be read", async () => {
  await withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/metrics.jsonl`);
    await assertRejects(
      () => new MetricsFile(`${folder}/metrics.jsonl`).read(3),
      Error,
      `Cannot read ${folder}/metrics.jsonl: `,
    );
  });
});

Deno.test("MetricsFile.append() writes again what could not be written, once and whole", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/metrics.jsonl`;
    const file = new MetricsFile(path);
    await file.append([stepOf(1)]);
    for (const fault of ["fails", "torn"] as const) {
      // Opening, cutting, writing
      for (const at of [1, 2, 3]) {
        using _files = new FaultyFiles(folder, { at, fault });
        await assertRejects(() => file.append([stepOf(2)]), Error, `Cannot write ${path}: `);
      }
    }
    await file.append([stepOf(3)]);
    assertEquals(await Deno.readTextFile(path), line(1) + line(2).repeat(6) + line(3));
  });
});

Deno.test("MetricsFile.keep() cuts a long file where it is, and holds little of it", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/metrics.jsonl`;
    const steps = 200_000;
    {
      using file = await Deno.open(path, { write: true, createNew: true });
      const writer = file.writable.getWriter();
      for (let first = 1; first <= steps; first += 10_000) {
        await writer.write(new TextEncoder().encode(lines(first, first + 9999)));
      }
      await writer.close().catch(() => {});
    }
    const { ino } = await Deno.stat(path);
    const file = new MetricsFile(path);
    const read = await file.read(steps - 5);
    assertEquals([read.history.count, read.missing, read.isWhole], [steps - 5, 0, true]);
    assert(read.history.steps().length <= 8192);
    await file.keep(read);
    const after = await Deno.stat(path);
    assertEquals([after.ino, after.size], [ino, read.end]);
  });
});
