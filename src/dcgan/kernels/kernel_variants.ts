import * as v from "valibot";
import { CandidateTable, type Device, type Refusal } from "../../gpu/mod.ts";

/**
 * Which of the ways to compute them a run's sums of products take: matrix products, convolutions, their
 * gradients.
 */
export interface KernelVariants {
  /** Name of the adapter that they were chosen for. */
  readonly adapter: string;
  /** Variants by what is computed. */
  readonly variants: Readonly<Record<string, string>>;
}

/** Accepts exactly {@linkcode KernelVariants}. */
export const kernelVariantsSchema: v.GenericSchema<unknown, KernelVariants> = v.strictObject({
  adapter: v.string(),
  variants: v.record(v.string(), v.string()),
});

/** The variants that were chosen for this device's adapter; none if they were chosen for another. */
export function variantsFor(device: Device, kernels: KernelVariants | undefined): CandidateTable {
  const variants = kernels?.adapter === device.adapter.name ? Object.entries(kernels.variants) : [];
  return new CandidateTable(device, new Map(variants));
}

/** The first of the variants that were refused, and how many there are, to say what is wrong with a table. */
export function describeRefused(refused: ReadonlyMap<string, string>): string {
  const [[signature, variant] = ["", ""]] = refused;
  const more = refused.size > 1 ? ` (and ${refused.size - 1} more)` : "";
  return `${quote(variant)} for ${quote(signature)}${more}`;
}

/** The first of the variants that turned out to be wrong, why, and how many there are. */
export function describeWrong(wrong: ReadonlyMap<string, Refusal>): string {
  const refused = new Map([...wrong].map(([signature, { variant }]) => [signature, variant]));
  const [{ reason } = { reason: "" }] = wrong.values();
  return `${describeRefused(refused)}: ${reason}`;
}

/** Text of a file, as short as a message can show it. */
function quote(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 97)}...` : text);
}
