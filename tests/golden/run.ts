import type { Device, FloatType } from "../../src/gpu/mod.ts";
import { GoldenCase, type Results } from "./golden_case.ts";
import { judge, type Verdict } from "./judge.ts";
import { type CaseDescription, type CaseFolder, readCase } from "./manifest.ts";
import { halfTolerance } from "./half_tolerances.ts";
import { OPS } from "./ops/table.ts";

/** What came of running a case. */
export interface Outcome extends Verdict {
  /** What was computed; missing where it could not be. */
  readonly results?: Results;
}

/** Runs one case on the GPU, in f16 by tolerances of its own, and judges it. Whatever goes wrong on the way is a problem of the case. */
export async function runCase(
  device: Device,
  folder: CaseFolder,
  description: CaseDescription,
  precision: FloatType = "f32",
): Promise<Outcome> {
  try {
    const run = OPS.get(description.op);
    if (!run) throw new Error(`There is no op '${description.op}' here`);
    const tensors = await readCase(folder, description);
    using _scope = device.scope();
    const results = await run(device, new GoldenCase(description, tensors, precision));
    await device.settled();
    const tolerance = precision === "f16" ? halfTolerance(description) : description.tolerance;
    return { ...judge(results, tensors, tolerance), results };
  } catch (error) {
    await device.settled().catch(() => {});
    return { problems: [error instanceof Error ? error.message : String(error)] };
  } finally {
    device.trim();
  }
}
