import * as v from "valibot";
import type { VariantTable } from "../gpu/contraction/variants.ts";
import type { Device } from "../gpu/mod.ts";

/** Which of the ways to compute them a run's sums of products take: matrix products, convolutions, their gradients. */
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

/** Variants that were chosen for this device's adapter; undefined where they were chosen for another. */
export function variantsFor(device: Device, kernels: KernelVariants | undefined): VariantTable | undefined {
  return kernels?.adapter === device.adapter.name ? new Map(Object.entries(kernels.variants)) : undefined;
}
