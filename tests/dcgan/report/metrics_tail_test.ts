import { assertEquals } from "@std/assert";
import { MetricsTail } from "../../../src/dcgan/report/metrics_tail.ts";
import { withFolder } from "../tiny.ts";
import { linesOf } from "./run_folders.ts";

/** A tail, and what it gave so far. */
function tailOf(path: string) {
  const tail = new MetricsTail(path);
  const seen: (number | string)[] = [];
  return { seen, read: () => tail.read(({ step }) => seen.push(step), () => seen.push("again")) };
}

Deno.test("MetricsTail.read() gives only what is new, and no half of a line", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/metrics.jsonl`;
    const { seen, read } = tailOf(path);
    await read();
    assertEquals(seen, []);
    const [first, second] = [linesOf(1, 2), linesOf(3, 3)];
    await Deno.writeTextFile(path, first + second.slice(0, 20));
    await read();
    assertEquals(seen, [1, 2]);
    await Deno.writeTextFile(path, first + second);
    await read();
    await read();
    assertEquals(seen, [1, 2, 3]);
  });
});

Deno.test("MetricsTail.read() begins again with a file that was cut, or became another", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/metrics.jsonl`;
    const { seen, read } = tailOf(path);
    await Deno.writeTextFile(path, linesOf(1, 4));
    await read();
    await Deno.writeTextFile(path, linesOf(1, 2));
    await read();
    assertEquals(seen, [1, 2, 3, 4, "again", 1, 2]);
    // A run that went back has written as many bytes again
    await Deno.writeTextFile(path, linesOf(1, 1) + linesOf(2, 5, () => ({ dReal: 0.9 })));
    await read();
    assertEquals(seen.slice(7), ["again", 1, 2, 3, 4, 5]);
    await Deno.remove(path);
    await read();
    assertEquals(seen.slice(13), ["again"]);
  });
});

Deno.test("MetricsTail.read() leaves damaged lines out, and reads files of many chunks", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/metrics.jsonl`;
    const { seen, read } = tailOf(path);
    await Deno.writeTextFile(path, `${linesOf(1, 900)}broken\n${linesOf(901, 1000)}`);
    await read();
    assertEquals(seen, Array.from({ length: 1000 }, (_, i) => i + 1));
  });
});
