import "../../src/host/on_native.ts";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { benchNames, runBench } from "../../bench/bench.ts";
import { parseBenchOptions } from "../../bench/options.ts";

const main = decodeURIComponent(new URL("../../bench/main.ts", import.meta.url).pathname);

Deno.test("benchNames() has every name once", () => {
  const names = benchNames();
  assertEquals(new Set(names).size, names.length);
  assert(names.includes("matmul 256") && names.includes("M first step"));
});

Deno.test("parseBenchOptions() reads options, and --smoke makes all brief", () => {
  const { only, ...rest } = parseBenchOptions([
    "--json",
    "--only",
    "^S",
    "--rounds",
    "3",
    "--seconds",
    "0.1",
    "--all",
  ]);
  assertEquals(only.source, "^S");
  assertEquals(rest, { json: true, rounds: 3, seconds: 0.1, smoke: false, all: true });
  const smoke = parseBenchOptions(["--smoke"]);
  assertEquals([smoke.rounds, smoke.seconds, smoke.smoke, smoke.all], [1, 0, true, false]);
  assert(smoke.only.test("anything"));
});

Deno.test("bench answers what it cannot do by name, before the GPU is touched", async () => {
  const cases = [
    [["--only", "nothing like it"], "--only nothing like it matches nothing"],
    [["--only", "("], "Unterminated group"],
    [["--rounds", "0"], "It must be a whole number from 1 to 1000"],
    [["--fast"], "unknown option '--fast'"],
  ] as const;
  for (const [args, message] of cases) {
    const { code, stderr } = await new Deno.Command(Deno.execPath(), { args: ["run", "-A", main, ...args] })
      .output();
    assertEquals(code, 2);
    assertStringIncludes(new TextDecoder().decode(stderr), message);
  }
});

Deno.test("runBench() measures training, sampling and memory of the product itself", async () => {
  const said: string[] = [];
  const only = /^S (training|sampling|memory)/;
  const options = { json: false, only, rounds: 1, seconds: 0, smoke: true, all: false };
  const report = await runBench(options, (what) => said.push(what));
  assertEquals(said, ["the adapter's limit", "S training", "S sampling", "S memory"]);
  const [training] = report.training;
  assertEquals(training!.calls, { submits: 1, writes: 0, buffers: 0, bindGroups: 0 });
  assert(training!.launches > 0 && training!.imagesPerSecond!.median > 0);
  assert(training!.footprint.gpuBytes > training!.footprint.temporaryBytes);
  assert(report.sampling[0]!.imagesPerSecondRead.median > 0);
  assertEquals(report.memory.map(({ name, batch }) => [name, batch]), [["S", 32], ["S", 64]]);
  for (const { temporaryBytes, livenessBytes } of report.memory) assert(temporaryBytes >= livenessBytes);
  assertEquals(JSON.parse(JSON.stringify(report)), report);
});
