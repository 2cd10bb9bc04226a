import type { Device } from "../../device/device.ts";
import { defaultVariant } from "./default_variant.ts";
import type { Contraction } from "../sums/contraction.ts";
import { fits } from "./runs_on.ts";
import { signatureOf } from "./signature.ts";
import { formatVariant, parseVariant, type Variant } from "./variant.ts";

/**
 * Variants as text by the signature of the contractions that they are for: a map, or anything with its `get`.
 */
export interface VariantTable {
  /** The variant for a contraction, if there is one. */
  readonly get: (signature: string, contraction: Contraction) => string | undefined;
}

/** A contraction, and the variant that it was computed by. */
export interface TakenVariant {
  /** What was computed. Its tensors may be gone. */
  readonly contraction: Contraction;
  /** How. */
  readonly variant: Variant;
}

/** The scopes of each device that are open, the innermost last. */
const scopes = new WeakMap<Device, VariantScope[]>();

/**
 * While it is open, contractions on a device take the variants of a table if it has one that the device can run, and
 * else defaults; and it records which contractions ran. Programs that are recorded while it is open keep their
 * variants.
 *
 * It is for one batch, as a step of training has: the order of sums may depend on how many samples there are. While none
 * is open, what is computed of a sample is the same however many there are.
 */
export class VariantScope implements Disposable {
  /** The contractions so far, by their signatures. */
  readonly taken: Map<string, TakenVariant> = new Map<string, TakenVariant>();
  /** What contractions take. */
  readonly table: VariantTable;
  #stack: VariantScope[];

  /** Opens it. */
  constructor(device: Device, table: VariantTable = new Map<string, string>()) {
    this.table = table;
    this.#stack = scopes.get(device) ?? [];
    scopes.set(device, this.#stack);
    this.#stack.push(this);
  }

  /** Closes it. */
  [Symbol.dispose](): void {
    const at = this.#stack.indexOf(this);
    if (at >= 0) this.#stack.splice(at, 1);
  }
}

/** The variant that a contraction takes. */
export function variantOf(device: Device, contraction: Contraction): Variant {
  const open = scopes.get(device) ?? [];
  const innermost = open.at(-1);
  if (!innermost) return defaultVariant(device, contraction, false);
  const signature = signatureOf(contraction);
  const found = parseVariant(innermost.table.get(signature, contraction) ?? "");
  const variant = found && fits(device, contraction, found) ? found : defaultVariant(device, contraction);
  for (const { taken } of open) taken.set(signature, { contraction, variant });
  return variant;
}

/** What was taken, as a table. */
export function tableOf(taken: ReadonlyMap<string, TakenVariant>): Map<string, string> {
  return new Map([...taken].map(([signature, { variant }]) => [signature, formatVariant(variant)]));
}
