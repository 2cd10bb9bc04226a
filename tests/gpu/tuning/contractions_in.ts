import type { Contraction } from "../../../src/gpu/contraction/sums/contraction.ts";
import { VariantScope } from "../../../src/gpu/contraction/variants/variant_scope.ts";
import type { Device } from "../../../src/gpu/mod.ts";

/** The contractions that `build` starts. */
export function contractionsIn(device: Device, build: () => void): Map<string, Contraction> {
  using variants = new VariantScope(device);
  build();
  return new Map([...variants.taken].map(([signature, { contraction }]) => [signature, contraction]));
}
