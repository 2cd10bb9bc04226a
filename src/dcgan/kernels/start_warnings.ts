import { type Device, explainOpenGl } from "../../gpu/mod.ts";
import { describeRefused } from "./kernel_variants.ts";
import type { Trainer } from "../trainer.ts";

/**
 * What is to be said of a run before it begins: that its adapter is a slow one, and that it does not take the
 * kernels that are remembered.
 *
 * @param run The folder of the run whose config names the kernels; undefined if they are remembered ones, or
 * defaults.
 * @throws {RangeError} if the run's config names kernels that cannot be taken.
 */
export function startWarnings(
  { adapter }: Device,
  { refusedKernels }: Pick<Trainer, "refusedKernels">,
  run: string | undefined,
): string[] {
  const warnings = adapter.openGl ? [explainOpenGl()] : [];
  if (refusedKernels.size === 0) return warnings;
  const found = describeRefused(refusedKernels);
  if (run !== undefined) {
    throw new RangeError(
      `Cannot resume ${run}: the "kernels" in its config.json must be variants that this version has for this ` +
        `adapter, found ${found}. Delete "kernels" there to continue with the default ones; numbers may then differ in ` +
        "their last digits",
    );
  }
  return [
    ...warnings,
    `Tuned kernels must be among the variants for ${adapter.name}, found ${found}. ` +
    "They are ignored; --tune finds new ones",
  ];
}
