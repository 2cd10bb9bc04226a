import { assert, assertEquals } from "@std/assert";
import { ProgressLine, progressText } from "../../../src/cli/terminal/progress_line.ts";
import { fakeTerminal } from "../terminal.ts";

const MiB = 2 ** 20;

Deno.test("progressText() says how much, how fast and how long", () => {
  const cases: [Parameters<typeof progressText>, string][] = [
    [
      [{ what: "a.gz", done: 12 * MiB, total: 24 * MiB, unit: "bytes" }, 0, 4],
      "a.gz  12.0 MiB of 24.0 MiB, 50 %  3.00 MiB/s  4.0 s left",
    ],
    [[{ what: "a.gz", done: 12 * MiB, unit: "bytes" }, 8 * MiB, 4], "a.gz  12.0 MiB  1.00 MiB/s"],
    [[{ what: "x.npy", done: 5, total: 10, unit: "images" }, 0, 0], "x.npy  5 of 10 images, 50 %"],
    [
      [{ what: "x.npy", done: 10, total: 10, unit: "images" }, 0, 2],
      "x.npy  10 of 10 images, 100 %  5 images/s",
    ],
  ];
  for (const [given, expected] of cases) assertEquals(progressText(...given), expected);
});

Deno.test("ProgressLine draws over one line on a terminal", () => {
  let now = 0;
  const terminal = fakeTerminal({ isTerminal: true, columns: 20 });
  const line = new ProgressLine(terminal, () => now);
  for (const done of [1, 2, 3]) {
    line.show({ what: "file", done: done * MiB, total: 3 * MiB, unit: "bytes" });
    now += 60;
  }
  line.write("done");
  assertEquals(
    terminal.output(),
    "\rfile  1.00 MiB of 3\x1b[K\rfile  3.00 MiB of 3\x1b[K\r\x1b[Kdone\n",
  );
});

Deno.test("ProgressLine writes a line every ten seconds in a pipe", () => {
  let now = 0;
  const terminal = fakeTerminal();
  const line = new ProgressLine(terminal, () => now);
  for (let done = 1; done <= 25; done++, now += 1000) {
    line.show({ what: "file", done, total: 25, unit: "images" });
  }
  assertEquals(terminal.output().split("\n").map((text) => text.slice(0, 20)), [
    "file  11 of 25 image",
    "file  21 of 25 image",
    "",
  ]);
});

Deno.test("progressText() shortens a long name before it leaves out numbers", () => {
  const progress = {
    what: `train-${"0".repeat(80)}.parquet`,
    done: 2 ** 20,
    total: 2 ** 22,
    unit: "bytes",
  } as const;
  const cases: [number, string][] = [
    [79, "train-00000000…00000.parquet  1.00 MiB of 4.00 MiB, 25 %  512 KiB/s  6.0 s left"],
    [60, "train-00…parquet  1.00 MiB of 4.00 MiB, 25 %  512 KiB/s"],
    [20, "train-00…parquet  1."],
  ];
  for (const [columns, text] of cases) {
    assertEquals(progressText(progress, 0, 2, columns), text);
    assert(text.length <= columns);
  }
});
