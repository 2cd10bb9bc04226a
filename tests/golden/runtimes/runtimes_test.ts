import { assertEquals } from "@std/assert";
import { findBrowser } from "../../../scripts/runtimes/browsers.ts";
import type { Line } from "./golden_run.ts";
import { openRuntime, type RuntimeName } from "./runtimes.ts";
import { standingOf } from "./standing.ts";

const path = `${import.meta.dirname}/../cases`;
const ids = ["matmul_7x5_5x3", "relu_special"];

/** What a runtime says of a few cases. */
async function said(name: RuntimeName, ids: readonly string[]): Promise<Line[]> {
  const { run } = await openRuntime(name);
  return await Array.fromAsync(run({ path, ids }, {}));
}

Deno.test("a bundle of the golden cases runs in Deno, and says what went wrong", async () => {
  const { passed, problems, digests } = standingOf(
    { runtime: "", engine: "", seconds: 0 },
    ids,
    await said("deno", ids),
  );
  assertEquals([passed, problems, [...digests.keys()]], [2, [], [...ids, "samples"]]);
  const [, ...lines] = await said("deno", ["no such case"]);
  assertEquals(lines.map(({ type }) => type), ["samples", "end"]);
});

const missing = findBrowser("chromium") === undefined;
Deno.test({
  name: `a bundle of the golden cases runs in Chromium${
    missing ? " (skipped: this machine has no Chromium)" : ""
  }`,
  ignore: missing,
  fn: async () => {
    const lines = await said("chromium", ids);
    assertEquals(standingOf({ runtime: "", engine: "", seconds: 0 }, ids, lines).problems, []);
  },
  // The browser's pipes close in their own time
  sanitizeOps: false,
  sanitizeResources: false,
});
