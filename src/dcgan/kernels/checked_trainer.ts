import { checkVariants, type Device, type Refusal, type TakenVariant, VariantScope } from "../../gpu/mod.ts";
import type { Trainer } from "../trainer.ts";
import type { KernelVariants } from "./kernel_variants.ts";

/** A trainer whose kernels were checked. */
export interface CheckedTrainer {
  /** It. */
  readonly trainer: Trainer;
  /** Kernels that it was to have and does not, as they do not compile or compute something else, by what they are for. */
  readonly wrong: ReadonlyMap<string, Refusal>;
}

/**
 * Makes a trainer with kernels that were tuned at some time, and computes each once that is no default: a driver may have
 * changed since. If some are wrong, the trainer is made once more, with defaults in their place.
 *
 * @param make Makes the trainer with kernels.
 */
export async function checkedTrainer(
  device: Device,
  kernels: KernelVariants,
  make: (kernels: KernelVariants) => Trainer,
): Promise<CheckedTrainer> {
  const { trainer, taken } = recorded(device, () => make(kernels));
  try {
    const wrong = await checkVariants(device, taken);
    if (wrong.size === 0) return { trainer, wrong };
    trainer[Symbol.dispose]();
    const variants = Object.entries(kernels.variants).filter(([signature]) => !wrong.has(signature));
    return { trainer: make({ ...kernels, variants: Object.fromEntries(variants) }), wrong };
  } catch (error) {
    trainer[Symbol.dispose]();
    throw error;
  }
}

/** A trainer, and the kernels that it takes. */
function recorded(
  device: Device,
  make: () => Trainer,
): { trainer: Trainer; taken: ReadonlyMap<string, TakenVariant> } {
  using scope = new VariantScope(device);
  return { trainer: make(), taken: scope.taken };
}
