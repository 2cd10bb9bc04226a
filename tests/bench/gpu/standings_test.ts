import "../../../src/host/on_native.ts";
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import type { PyTorchTimes } from "../../../bench/gpu/pytorch.ts";
import { goals, type GpuReport } from "../../../bench/gpu/report.ts";
import { type OurStep, standingsOf } from "../../../bench/gpu/standings.ts";
import { formatGpuReport } from "../../../bench/gpu/tables.ts";
import { gpuWorkloads } from "../../../bench/gpu/workloads.ts";
import type { Report } from "../../../bench/report.ts";
import { stepWork } from "../../../bench/work.ts";

const same = (value: number) => ({ median: value, min: value, max: value });
const parameters = { generator: 3, discriminator: 4 };
const workloads = gpuWorkloads(false);
const ours: OurStep[] = workloads.map((workload) => ({
  workload,
  parameters,
  milliseconds: same(10),
  shareOfLimit: same(workload.name === "M64" ? 0.55 : 0.3),
}));

function result(workload: string, way: Partial<PyTorchTimes["results"][0]>): PyTorchTimes["results"][0] {
  return { workload, precision: "f32", layout: "channels first", compiled: false, parameters, ...way };
}

const times: PyTorchTimes = {
  torch: "9.9",
  device: "a card",
  results: [
    result("S", { milliseconds: [30, 20, 25] }),
    result("S", { milliseconds: [16, 15, 14], layout: "channels last" }),
    result("S", { milliseconds: [5], precision: "tf32" }),
    result("M", { milliseconds: [8] }),
    result("M", { milliseconds: [12], compiled: true }),
    result("M64", { milliseconds: [40], layout: "channels last" }),
    { workload: "M128", precision: "f32", layout: "channels first", compiled: false, error: "out of memory" },
  ],
};

const bench: Report = {
  circumstances: {
    adapter: "an adapter",
    software: false,
    subgroupSize: 32,
    limitSums: 3,
    deno: "2.9.6",
    system: "linux x86_64",
    processors: 2,
    date: "2026-01-02T03:04:05.678Z",
  },
  kernels: [],
  training: [],
  sampling: [],
  memory: [],
  firstSteps: [],
  loader: { decoders: [], workers: [], training: [], folders: [] },
  gflopPerImage: {},
};

function reportWith(measured: PyTorchTimes | undefined): GpuReport {
  return {
    bench,
    golden: { folder: "golden", passed: 350, failed: 0 },
    limit: 20_000,
    pytorch: measured ? { version: measured.torch, device: measured.device } : { skipped: "no PyTorch here" },
    failures: [],
    standings: standingsOf(ours, measured, 20_000),
  };
}

Deno.test("gpuWorkloads() adds batches that keep a card busy, and has one workload for a smoke run", () => {
  assertEquals(workloads.map(({ name, config }) => [name, config.batch]), [
    ["S", 32],
    ["M", 8],
    ["M64", 64],
    ["M128", 128],
  ]);
  assertEquals(gpuWorkloads(true).map(({ name }) => name), ["S"]);
});

Deno.test("standingsOf() sets the fastest way of each precision beside ours", () => {
  const standings = standingsOf(ours, times, 20_000);
  assertEquals(
    standings.map((
      { workload, contender, f32, oursIsFasterBy },
    ) => [workload, contender, f32, oursIsFasterBy]),
    [
      ["S", "ours", true, undefined],
      ["S", "PyTorch f32, channels last", true, 1.5],
      ["S", "PyTorch TF32, channels first", false, 0.5],
      ["M", "ours", true, undefined],
      ["M", "PyTorch f32, channels first", true, 0.8],
      ["M", "PyTorch f32, compiled, channels first", true, 1.2],
      ["M64", "ours", true, undefined],
      ["M64", "PyTorch f32, channels last", true, 4],
      ["M128", "ours", true, undefined],
    ],
  );
  const peer = standings[1]!;
  assertEquals(peer.imagesPerSecond, { median: 32_000 / 15, min: 2000, max: 32_000 / 14 });
  const gflops = stepWork(workloads[0]!.config).training * 32 / 1e6 / 15;
  assertEquals([peer.gflops.median, peer.shareOfLimit.median], [gflops, gflops / 20_000]);
});

Deno.test("standingsOf() shows ours by default and tuned, and holds others to the faster", () => {
  const tuned = ours.map((step) => ({
    ...step,
    tuned: true,
    milliseconds: same(8),
    shareOfLimit: same(0.6),
  }));
  const standings = standingsOf([ours[0]!, tuned[0]!, ours[1]!, tuned[1]!], times, 20_000);
  assertEquals(
    standings.map((
      { workload, contender, ours, oursIsFasterBy },
    ) => [workload, contender, ours, oursIsFasterBy]),
    [
      ["S", "ours", true, undefined],
      ["S", "ours, tuned", true, undefined],
      ["S", "PyTorch f32, channels last", false, 15 / 8],
      ["S", "PyTorch TF32, channels first", false, 5 / 8],
      ["M", "ours", true, undefined],
      ["M", "ours, tuned", true, undefined],
      ["M", "PyTorch f32, channels first", false, 1],
      ["M", "PyTorch f32, compiled, channels first", false, 1.5],
    ],
  );
  assertEquals(
    goals({ ...reportWith(undefined), standings })[0],
    "Half of the card's limit for a whole step: reached, 60 % at best (S, tuned).",
  );
  const lines = formatGpuReport({ ...reportWith(times), standings }).split("\n");
  const shown = lines.flatMap((line) => /^S, batch 32: (ours\S*(?: tuned)?) /.exec(line)?.[1] ?? []);
  assertEquals(shown, ["ours", "ours, tuned"]);
});

Deno.test("standingsOf() refuses networks that are not the same", () => {
  const other = { generator: 3, discriminator: 5 };
  const wrong = { ...times, results: [result("S", { milliseconds: [1], parameters: other })] };
  const error = assertThrows(() => standingsOf(ours, wrong, 1), Error);
  assertEquals(
    error.message,
    "PyTorch's discriminator of S has 5 parameters, and ours 4: they are not the same network",
  );
});

Deno.test("goals() says what was reached", () => {
  assertEquals(goals(reportWith(times)), [
    "Half of the card's limit for a whole step: reached, 55 % at best (M64).",
    "Ahead of PyTorch in f32: not reached, at 2 of 3 workloads (S, M64).",
  ]);
  assertEquals(goals(reportWith(undefined)).length, 1);
});

Deno.test("formatGpuReport() shows both side by side, or why there is one only", () => {
  const text = formatGpuReport(reportWith(times));
  assertStringIncludes(text, "Golden cases: 350 passed, 0 failed.");
  assertStringIncludes(text, "PyTorch 9.9 on a card.");
  const lines = text.split("\n").map((line) => line.split(/ {2,}/));
  assertEquals(lines.find(([name]) => name === "S, batch 32: PyTorch f32, channels last"), [
    "S, batch 32: PyTorch f32, channels last",
    "2133 [2000-2286]",
    "15.0 [14.0-16.0]",
    "1.50",
    "204",
    "1 %",
  ]);
  assertStringIncludes(formatGpuReport(reportWith(undefined)), "\nno PyTorch here\n");
});
