import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Comparison } from "../../../bench/peers/compare.ts";
import type { Placing } from "../../../bench/peers/race.ts";
import { formatComparison } from "../../../bench/peers/tables.ts";

const same = (value: number) => ({ median: value, min: value, max: value });

function placing(contender: string, oursIsFasterBy?: number, slowerWay = false): Placing {
  return {
    contender,
    milliseconds: same(10),
    imagesPerSecond: same(100),
    slowerWay,
    ...(oursIsFasterBy === undefined ? {} : { oursIsFasterBy: same(oursIsFasterBy) }),
  };
}

const comparison: Comparison = {
  adapter: "an adapter",
  deno: "2.9.6",
  system: "linux x86_64",
  processors: 2,
  date: "2026-01-02T03:04:05.678Z",
  rounds: 1,
  races: [{
    name: "M training",
    images: 8,
    placings: [
      placing("@x/dcgan, 1 thread"),
      placing("PyTorch, 1 thread, channels first", 0.4, true),
      placing("PyTorch, 1 thread, channels last", 0.8),
    ],
  }],
  profiles: [],
};

Deno.test("formatComparison() says where ours is slower, and leaves out the slower way", () => {
  const text = formatComparison(comparison);
  assertStringIncludes(text, "PyTorch, 1 thread, channels last        100       0.800, slower");
  assertStringIncludes(
    text,
    "Ours is slower in M training: it takes 1.25 times as long as PyTorch, 1 thread, channels last.",
  );
  assertEquals(text.includes("channels first"), false);
  const [{ placings }] = comparison.races as [Comparison["races"][number]];
  const faster = { ...comparison.races[0]!, placings: [placings[0]!, placing("jax-js", 1.5)] };
  assertEquals(formatComparison({ ...comparison, races: [faster] }).includes("slower"), false);
});

Deno.test("formatComparison() names the PyTorch, or says why there is none", () => {
  const pytorch = { python: "python3", version: "2.13", onednn: true };
  assertStringIncludes(
    formatComparison({ ...comparison, pytorch }),
    "PyTorch 2.13 on the processor, with oneDNN",
  );
  assertStringIncludes(
    formatComparison({ ...comparison, pytorch: { ...pytorch, onednn: false } }),
    "without oneDNN",
  );
  const skipped = "PyTorch is left out: there is none.";
  assertStringIncludes(
    formatComparison({ ...comparison, pytorch: { skipped } }),
    `an adapter\n${skipped}\nDeno`,
  );
  assertEquals(formatComparison(comparison).startsWith("an adapter\nDeno"), true);
});
