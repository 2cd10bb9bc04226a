import type { Device, FloatType } from "../../src/gpu/mod.ts";
import { GoldenCase } from "./golden_case.ts";
import { judge, type Verdict } from "./judge.ts";
import { type CaseDescription, readCase } from "./manifest.ts";
import { halfTolerance } from "./half_tolerances.ts";
import { OPS } from "./ops/table.ts";

/** Runs one case on the GPU, in f16 by tolerances of its own, and judges it. Whatever goes wrong on the way is a problem of the case. */
export async function runCase(
  device: Device,
  folder: string,
  description: CaseDescription,
  precision: FloatType = "f32",
): Promise<Verdict> {
  try {
    const run = OPS.get(description.op);
    if (!run) throw new Error(`There is no op '${description.op}' here`);
    const tensors = await readCase(folder, description);
    using _scope = device.scope();
    const results = await run(device, new GoldenCase(description, tensors, precision));
    await device.settled();
    return judge(results, tensors, precision === "f16" ? halfTolerance(description) : description.tolerance);
  } catch (error) {
    await device.settled().catch(() => {});
    return { problems: [error instanceof Error ? error.message : String(error)] };
  } finally {
    device.trim();
  }
}
