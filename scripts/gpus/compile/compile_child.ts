/**
 * Compiles kernels on the adapter that its environment gives it, and writes what came of each: a child process of
 * `compile.ts`. Its arguments are a file of kernels in JSON, and the file for the results.
 */
import "../../../src/host/on_native.ts";
import { describeAdapter, requestAdapter } from "../../../src/gpu/device/adapter.ts";
import { requestDevice } from "../../../src/gpu/device/probe.ts";
import type { Kernel } from "../../../src/gpu/kernel/kernel.ts";
import { PipelineCache } from "../../../src/gpu/kernel/pipelines.ts";
import type { Compiled } from "./compile.ts";
import type { CompileResult } from "./statistics.ts";

const [given = "", found = ""] = Deno.args;
const log = Deno.openSync(Deno.env.get("PIPELINE_LOG")!);

/** The lines that the layer has written since the last call. */
function newLines<T>(): T[] {
  const decoder = new TextDecoder();
  const chunk = new Uint8Array(2 ** 16);
  let text = "";
  for (let n = log.readSync(chunk); n; n = log.readSync(chunk)) {
    text += decoder.decode(chunk.subarray(0, n), { stream: true });
  }
  return text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
}

const adapter = await requestAdapter();
const gpu = await requestDevice(adapter, describeAdapter(adapter));
// WebGPU makes a few pipelines of its own as it opens a device
const [device] = newLines<Compiled["device"]>();
if (!device) throw new Error("the layer wrote nothing: the driver was not opened through it");
const pipelines = new PipelineCache(gpu);
const results: CompileResult[] = [];
for (const kernel of JSON.parse(Deno.readTextFileSync(given)) as Kernel[]) {
  gpu.pushErrorScope("validation");
  pipelines.get(kernel);
  const error = await gpu.popErrorScope();
  const [line] = newLines<CompileResult>();
  results.push(error ? { error: error.message } : line ?? { error: "the driver was not given it" });
}
Deno.writeTextFileSync(found, JSON.stringify({ device, results } satisfies Compiled));
// Nothing runs on such devices, so nothing may be waited for
Deno.exit(0);
