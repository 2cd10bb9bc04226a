import type { Contraction } from "../contraction/sums/contraction.ts";
import { parseVariant } from "../contraction/variants/variant.ts";
import type { VariantTable } from "../contraction/variants/variant_scope.ts";
import type { Device } from "../device/device.ts";
import { isCandidate } from "./candidates.ts";

/**
 * Variants that a file names, limited to the candidates: a file may name a kernel that takes hours to compile, and
 * nothing but the end of the process stops a compiler.
 */
export class CandidateTable implements VariantTable {
  /** Variants that were requested but are not candidates, by signature. */
  readonly refused: Map<string, string> = new Map<string, string>();
  readonly #device: Device;
  readonly #variants: ReadonlyMap<string, string>;

  /** @param variants Variants as text, by signature. */
  constructor(device: Device, variants: ReadonlyMap<string, string>) {
    this.#device = device;
    this.#variants = variants;
  }

  /** The variant for a contraction, if there is one that is a candidate. */
  readonly get = (signature: string, contraction: Contraction): string | undefined => {
    const text = this.#variants.get(signature);
    if (text === undefined) return undefined;
    const variant = parseVariant(text);
    if (variant && isCandidate(this.#device, contraction, variant)) return text;
    this.refused.set(signature, text);
    return undefined;
  };
}
