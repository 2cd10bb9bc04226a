import "../../../src/host/on_native.ts";
import { assert, assertEquals } from "@std/assert";
import { parseGpusOptions } from "../../../scripts/gpus/options.ts";

Deno.test("parseGpusOptions() looks at all parts, at some, or at those that are fast", () => {
  assertEquals(parseGpusOptions([]).parts, ["launches", "rdna2", "rdna3", "xe-lp", "arc", "tint"]);
  assertEquals(parseGpusOptions(["--only", "arc, launches"]).parts, ["arc", "launches"]);
  assertEquals(parseGpusOptions(["--fast"]).parts, ["launches", "rdna2", "rdna3", "tint"]);
  assertEquals(parseGpusOptions(["--fast", "--only", "rdna3"]).parts, ["rdna3"]);
  assert(!parseGpusOptions([]).everyVariant && parseGpusOptions(["--variants"]).everyVariant);
});
