import "../../../src/host/on_native.ts";
import { assertEquals, assertThrows } from "@std/assert";
import { defineKernel, type Launch, summarizeProfile } from "../../../src/gpu/mod.ts";
import { median } from "../../../src/gpu/timing/median.ts";

function launch(label: string, facts: { work?: number; detail?: string } = {}): Launch {
  const kernel = defineKernel({ label, bindings: {}, body: "" });
  return { kernel, storages: [], uniforms: [], workgroups: [1, 1, 1], ...facts };
}

Deno.test("median() takes the middle, or the mean of both in the middle", () => {
  assertEquals([median([3]), median([9, 1, 2]), median([4, 1, 2, 100])], [3, 2, 3]);
  assertThrows(() => median([]), RangeError, "found none");
});

Deno.test("summarizeProfile() groups launches by kernel and sizes, longest first, with medians over runs", () => {
  const launches = [
    launch("product", { work: 2e9, detail: "a" }),
    launch("norm"),
    launch("product", { work: 2e9, detail: "a" }),
    launch("product", { work: 1e9, detail: "b" }),
    launch("norm"),
  ];
  const runs = [[100, 10, 100, 90, 10], [150, 5, 150, 190, 5], [50, 20, 150, 90, 10]];
  const profile = summarizeProfile(launches, runs, 50);
  assertEquals(profile.rows, [
    {
      kernel: "product",
      detail: "a",
      launches: 2,
      milliseconds: 200,
      share: 200 / 310,
      gflops: 20,
      shareOfLimit: 0.4,
    },
    {
      kernel: "product",
      detail: "b",
      launches: 1,
      milliseconds: 90,
      share: 90 / 310,
      gflops: 1e9 / 90 / 1e6,
      shareOfLimit: 1e9 / 90 / 1e6 / 50,
    },
    { kernel: "norm", launches: 2, milliseconds: 20, share: 20 / 310 },
  ]);
  const { rows: _, ...total } = profile;
  const gflops = 5e9 / 310 / 1e6;
  assertEquals(total, {
    runs: 3,
    limit: 50,
    launches: 5,
    milliseconds: 310,
    gflops,
    shareOfLimit: gflops / 50,
  });
});

Deno.test("summarizeProfile() stands a clock that saw no time go by", () => {
  const { rows, gflops } = summarizeProfile([launch("product", { work: 5 })], [[0]], 50);
  assertEquals([rows[0]!.share, rows[0]!.gflops, gflops], [0, 0, 0]);
});

Deno.test("summarizeProfile() refuses no runs, and runs of other launches", () => {
  assertThrows(() => summarizeProfile([launch("a")], [], 1), RangeError, "found no run at all");
  assertThrows(() => summarizeProfile([launch("a")], [[1], [1, 2]], 1), RangeError, "found one of 2");
});
