/**
 * Holds kernels to Tint, the compiler of Chromium's WebGPU, on the null device of Dawn, which needs no driver: a child
 * process of `check_texts.ts`. Its arguments are a file of kernels in JSON, and the file for what Tint says of each.
 *
 * That device has the least limits that there may be, so no pipelines are made of the texts.
 */
import { create } from "webgpu";
import type { Kernel } from "../../../src/gpu/kernel/kernel.ts";

const [given = "", found = ""] = Deno.args;
// Exported so that it is never collected, which would end Dawn
export const gpu = create(["backend=null"]);
const adapter = await gpu.requestAdapter();
if (!adapter) throw new Error("Dawn has no null device");
const device = await adapter.requestDevice({ requiredFeatures: ["shader-f16", "subgroups"] });

/** What is said of a kernel, errors and warnings; nothing if it is fine. */
async function messagesOf({ code, subgroups }: Kernel): Promise<string[]> {
  // WebGPU demands this line, and Naga, which Deno has, refuses it
  const text = subgroups ? `enable subgroups;\n${code}` : code;
  device.pushErrorScope("validation");
  const { messages } = await device.createShaderModule({ code: text }).getCompilationInfo();
  const refused = await device.popErrorScope();
  if (messages.length > 0) return messages.map(({ type, message }) => `${type}: ${message}`);
  return refused ? [`error: ${refused.message}`] : [];
}

const results: string[][] = [];
for (const kernel of JSON.parse(Deno.readTextFileSync(given)) as Kernel[]) {
  results.push(await messagesOf(kernel));
}
Deno.writeTextFileSync(found, JSON.stringify(results));
device.destroy();
