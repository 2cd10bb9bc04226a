/**
 * `deno task bench:gpu`: on a machine with a graphics card, PyTorch's golden cases, the bench, and PyTorch's own training
 * step beside ours.
 */
import "../../src/host/on_native.ts";
import { runGpuBench } from "./gpu_bench.ts";
import { parseGpuBenchOptions } from "./options.ts";
import { formatGpuReport } from "./tables.ts";

const options = parseGpuBenchOptions(Deno.args);
try {
  const report = await runGpuBench(options, (line) => console.error(line));
  console.log(options.json ? JSON.stringify(report, undefined, 2) : `\n${formatGpuReport(report)}`);
  Deno.exit(report.golden && report.golden.failed > 0 ? 1 : 0);
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : error}`);
  Deno.exit(1);
}
