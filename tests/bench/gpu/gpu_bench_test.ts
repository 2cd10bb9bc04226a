import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { countsIn } from "../../../bench/gpu/golden.ts";
import { runGpuBench } from "../../../bench/gpu/gpu_bench.ts";
import { parseGpuBenchOptions } from "../../../bench/gpu/options.ts";
import { measurePyTorch, parsePyTorchTimes } from "../../../bench/gpu/pytorch.ts";
import { gpuWorkloads } from "../../../bench/gpu/workloads.ts";
import { sharedDevice } from "../../support/gpu.ts";

Deno.test("parseGpuBenchOptions() reads options, and has defaults", () => {
  const defaults = {
    python: "python3",
    json: false,
    anyAdapter: false,
    compile: false,
    tune: false,
    smoke: false,
  };
  assertEquals(parseGpuBenchOptions([]), { ...defaults, fixtures: undefined });
  const args = [
    "--fixtures",
    "golden",
    "--python",
    "py",
    "--json",
    "--any-adapter",
    "--compile",
    "--tune",
    "--smoke",
  ];
  assertEquals(parseGpuBenchOptions(args), {
    fixtures: "golden",
    python: "py",
    json: true,
    anyAdapter: true,
    compile: true,
    tune: true,
    smoke: true,
  });
});

Deno.test("countsIn() reads the last line of the golden cases, and nothing else", () => {
  assertEquals(countsIn("FAIL add (add)\n349 passed, 1 failed\n"), { passed: 349, failed: 1 });
  assertEquals(countsIn("1 passed, 2 failed\nerror"), undefined);
  assertEquals(countsIn(""), undefined);
});

Deno.test("parsePyTorchTimes() takes what the script writes, and refuses all else", () => {
  const way = { workload: "S", precision: "tf32", layout: "channels last", compiled: false };
  const times = {
    torch: "2",
    device: "cuda",
    results: [
      { ...way, parameters: { generator: 1, discriminator: 2 }, milliseconds: [1.5] },
      { ...way, error: "out of memory" },
    ],
  };
  assertEquals(parsePyTorchTimes(JSON.stringify(times)), times as ReturnType<typeof parsePyTorchTimes>);
  assertThrows(() => parsePyTorchTimes("Traceback"), SyntaxError, "wrote no JSON: Traceback");
  assertThrows(() => parsePyTorchTimes('{"torch": 2}'), SyntaxError, "something else than times");
});

Deno.test("measurePyTorch() says what is missing where there is no Python or no PyTorch", async () => {
  const options = { compile: false, rounds: 1, seconds: 0 };
  const none = await measurePyTorch(gpuWorkloads(true), { ...options, python: "no-such-python" });
  assert(
    typeof none === "string" && none.startsWith("Python not found, skipped: 'no-such-python'"),
    `${none}`,
  );
  // Deno stands in for a Python that ends with an error.
  const failing = await measurePyTorch(gpuWorkloads(true), { ...options, python: Deno.execPath() });
  assert(typeof failing === "string" && failing !== "");
});

Deno.test("runGpuBench() refuses a processor, and runs on one where that is asked for", async () => {
  const options = {
    fixtures: undefined,
    python: "no-such-python",
    json: false,
    anyAdapter: true,
    compile: false,
    tune: false,
    smoke: true,
  };
  if ((await sharedDevice()).adapter.software) {
    const refused = () => runGpuBench({ ...options, anyAdapter: false }, () => {});
    await assertRejects(refused, Error, "computes on the processor, and this bench is for graphics cards");
  }
  const said: string[] = [];
  const report = await runGpuBench(options, (line) => said.push(line));
  assertEquals(said.slice(-2), ["Measuring S training", "Measuring PyTorch"]);
  assertEquals(report.golden, undefined);
  assertEquals(report.standings.map(({ workload, contender }) => [workload, contender]), [["S", "ours"]]);
  assert(report.limit > 0 && "skipped" in report.pytorch);
  assertEquals(JSON.parse(JSON.stringify(report)), report);
});
