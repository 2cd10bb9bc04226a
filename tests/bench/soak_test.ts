import "../../src/host/on_native.ts";
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { fileURLToPath } from "node:url";
import config from "../../deno.json" with { type: "json" };
import { laterHalf, report, type Retained, slopeOf } from "../../bench/runs/soak.ts";

Deno.test("slopeOf() fits a line by least squares, with its error", () => {
  const line = [1, 2, 5, 9].map((x) => [x, 3 - 2 * x] as const);
  const exact = slopeOf(line);
  assertAlmostEquals(exact.slope, -2, 1e-12);
  assertAlmostEquals(exact.error, 0, 1e-6);
  // As in any textbook: the residuals are 1, -2 and 1 here
  const bent = slopeOf([[0, 1], [1, 0], [2, 5]]);
  assertAlmostEquals(bent.slope, 2, 1e-12);
  assertAlmostEquals(bent.error, Math.sqrt(6 / 1 / 2), 1e-12);
  assertThrows(() => slopeOf([[0, 1], [1, 2]]), RangeError, "must be 3 points or more, found 2");
  assertThrows(() => slopeOf([[1, 1], [1, 2], [1, 3]]), RangeError, "Cannot fit a line");
});

Deno.test("laterHalf() goes by steps, not by measurements", () => {
  const measured = [10, 20, 30, 90, 100].map((step) => ({ step }) as Retained);
  assertEquals(laterHalf(measured).map(({ step }) => step), [90, 100]);
});

Deno.test("report() takes objects, arrays and GPU buffers for growth, but not code and pages of memory", () => {
  const grown = (kind: keyof Retained, bytes: number) =>
    Array.from({ length: 40 }, (_, i): Retained => {
      const one = { step: 100 * i, heap: 1e7, code: 1e6, external: 1e6, gpu: 1e6, resident: 2e8 };
      return { ...one, [kind]: one[kind] + bytes * i / 10 };
    });
  for (const kind of ["heap", "external", "gpu"] as const) {
    assertEquals([1000, 1100].map((bytes) => report(grown(kind, bytes), 1024)), [true, false], kind);
  }
  for (const kind of ["code", "resident"] as const) assertEquals(report(grown(kind, 1e5), 1024), true, kind);
});

/** The flags of the task: it measures nothing without them. */
const flags = /--v8-flags=\S+/.exec(config.tasks.soak.command)![0];

/** Bytes per 1,000 steps that a short soak may show: in its few seconds some things are made for the first time. */
const BOUND = 2 ** 20;

Deno.test("a short soak finds that memory is flat, and says so by its exit code", async () => {
  const soak = fileURLToPath(new URL("../../bench/runs/soak.ts", import.meta.url));
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", "--no-check", flags, soak, "--seconds", "15", "--bound", `${BOUND}`],
      // So often that the later half of a few seconds makes nothing for the first time
      ...["--every", "10", "--score-every", "0"],
    ],
  }).output();
  const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  assertEquals(code, 0, text);
  assert(/^retained +\d+ bytes, -?\d+ ± \d+ bytes per 1,000 steps$/m.test(text), text);
  assert(text.includes("Memory is flat"), text);
});
