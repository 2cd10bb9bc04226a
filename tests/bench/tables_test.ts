import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Report } from "../../bench/report.ts";
import { formatReport } from "../../bench/tables.ts";

const empty: Report = {
  circumstances: {
    adapter: "an adapter",
    software: true,
    subgroupSize: 8,
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

Deno.test("formatReport() names the circumstances and leaves out what was not measured", () => {
  const text = formatReport(empty);
  assertStringIncludes(text, "an adapter\nDeno 2.9.6, linux x86_64, 2 processors, 2026-01-02 03:04 UTC");
  assertEquals(text.includes("---"), false);
});

Deno.test("formatReport() shows medians with their ends, and shares in per cent", () => {
  const text = formatReport({
    ...empty,
    limit: { median: 100, min: 90, max: 110 },
    idleWait: 11.3,
    kernels: [{
      name: "matmul 256",
      milliseconds: { median: 1, min: 1, max: 1 },
      gflops: { median: 45.67, min: 40, max: 50 },
      shareOfLimit: { median: 0.4567, min: 0.4, max: 0.5 },
    }],
    memory: [{ name: "S", batch: 64, gpuBytes: 2 ** 20, temporaryBytes: 3000, livenessBytes: 2000 }],
    firstSteps: [{ workload: "S", cold: { median: 4, min: 4, max: 4 } }],
  });
  assertStringIncludes(text, "100 [90.0-110] GFLOP/s");
  assertStringIncludes(text, "matmul 256   45.7 [40.0-50.0]     46 % [40-50]");
  assertStringIncludes(text, "S, batch 64   1.00 MiB      2.93 KiB         1.95 KiB    1.50");
  assertEquals(text.trimEnd().split("\n").at(-1)!.split(/ +/), ["S", "4.00"]);
});
