import type { Device } from "../device/device.ts";
import { passGate } from "./gate.ts";
import { runContraction } from "./run_contraction.ts";
import type { Contraction } from "./sums/contraction.ts";
import type { Variant } from "./variants/variant.ts";
import { variantOf } from "./variants/variant_scope.ts";
import { contractByWinograd } from "./winograd/contract_by_winograd.ts";
import { Transformed } from "./winograd/transformed.ts";

/**
 * Runs a sum of products by the variant that suits the device and the sizes.
 *
 * @param transformed Of a convolution, what was transformed of its operands before, and takes what is now.
 */
export function contract(device: Device, contraction: Contraction, transformed?: Transformed): void {
  const { gate, ...plain } = contraction;
  const variant = variantOf(device, plain);
  if (!gate || variant.schedule.shape !== "winograd") {
    return contractBy(device, contraction, variant, transformed);
  }
  using behind = device.empty(contraction.output.shape, contraction.output.dtype);
  contractBy(device, { ...plain, output: behind }, variant, transformed);
  passGate(behind, gate, contraction.output);
}

/** Runs a sum of products by a variant. */
export function contractBy(
  device: Device,
  contraction: Contraction,
  { schedule, splits }: Variant,
  transformed?: Transformed,
): void {
  if (schedule.shape !== "winograd") return runContraction(device, contraction, { schedule, splits });
  const multiply = (pairs: Contraction) => contract(device, pairs);
  using own = transformed ? undefined : new Transformed();
  contractByWinograd(contraction, schedule.side, transformed ?? own!, multiply);
}
