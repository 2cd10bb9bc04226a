import { defaultVariant } from "../contraction/variants/default_variant.ts";
import { formatVariant } from "../contraction/variants/variant.ts";
import type { TakenVariant } from "../contraction/variants/variant_scope.ts";
import type { Device } from "../device/device.ts";
import { DeviceLostError } from "../device/errors.ts";
import { Entrants, type Refusal } from "./entrants.ts";
import { withFewImages } from "./few_images.ts";
import { Trial } from "./trial.ts";

/**
 * Computes each of some variants once, with its own kernel and as little data as it can have, and compares with the host:
 * after an update, a driver may make something else of a kernel than when it was tuned. Defaults are left out.
 *
 * @param taken Variants by the signatures of what they compute.
 * @returns those that do not compile, or are wrong, by signature.
 * @throws what the GPU has reported before, if no variant explains it.
 * @throws {DeviceLostError} if the device is lost.
 */
export async function checkVariants(
  device: Device,
  taken: ReadonlyMap<string, TakenVariant>,
): Promise<Map<string, Refusal>> {
  const wrong = new Map<string, Refusal>();
  const tuned = [...taken].filter(([, { contraction, variant }]) =>
    formatVariant(variant) !== formatVariant(defaultVariant(device, contraction))
  );
  if (tuned.length === 0) return wrong;
  // Kernels of programs that were recorded before, perhaps these, were compiled then
  const reported: { readonly error: unknown } | undefined = await device.settled().then(
    () => undefined,
    (error) => ({ error }),
  );
  if (reported?.error instanceof DeviceLostError) throw reported.error;
  for (const [signature, { contraction, variant }] of tuned) {
    using trial = new Trial(device, withFewImages(device, contraction, variant));
    using entrants = new Entrants(device, trial);
    await entrants.enter(variant);
    for (const refusal of entrants.refused) wrong.set(signature, refusal);
  }
  device.trim();
  if (reported && wrong.size === 0) throw reported.error;
  return wrong;
}
