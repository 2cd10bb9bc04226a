import { type Device, explainOpenGl } from "../../gpu/mod.ts";
import type { CheckedTrainer } from "./checked_trainer.ts";
import { describeRefused, describeWrong } from "./kernel_variants.ts";

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
  { trainer: { refusedKernels }, wrong }: CheckedTrainer,
  run: string | undefined,
): string[] {
  const problems: string[] = [];
  if (refusedKernels.size > 0) {
    const must = run === undefined
      ? `among the variants for ${adapter.name}`
      : "variants that this version has for this adapter";
    problems.push(`must be ${must}, found ${describeRefused(refusedKernels)}`);
  }
  if (wrong.size > 0) {
    problems.push(`must still compute the right thing on ${adapter.name}, found ${describeWrong(wrong)}`);
  }
  const [problem] = problems;
  if (run !== undefined && problem !== undefined) {
    throw new RangeError(
      `Cannot resume ${run}: the "kernels" in its config.json ${problem}. ` +
        'Delete "kernels" there to continue with the default ones; numbers may then differ in their last digits',
    );
  }
  return [
    ...adapter.openGl ? [explainOpenGl()] : [],
    ...problems.map((problem) => `Tuned kernels ${problem}. They are ignored; --tune finds new ones`),
  ];
}
