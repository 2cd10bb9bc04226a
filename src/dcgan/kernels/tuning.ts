import { type Contraction, type Device, tuneContractions, VariantScope } from "../../gpu/mod.ts";
import type { TunedEvent, TuningEndEvent } from "../run/events.ts";
import { keepKernels, rememberKernels } from "./kernel_memory.ts";
import { Trainer } from "../trainer.ts";
import type { TrainerConfig } from "../trainer_config.ts";

/**
 * Times all variants of the kernels that a run takes, and remembers the fastest, which `recallKernels` then
 * finds. Tells each as it is found.
 */
export async function* tuneKernels(
  device: Device,
  config: TrainerConfig,
  path?: string,
): AsyncGenerator<TunedEvent | TuningEndEvent, void, void> {
  const found = yield* findKernels(device, config);
  const kept = await rememberKernels(device, found, path).then(
    (path) => ({ path }),
    (error: Error) => {
      keepKernels(device, found);
      return { problem: error.message };
    },
  );
  yield { type: "tuning-end", kernels: found.size, ...kept };
}

/**
 * Times all variants of the kernels that a run takes. Some compute what they do by other products: these
 * follow when it is known that they are needed.
 *
 * @returns the fastest, by what they compute.
 */
export async function* findKernels(
  device: Device,
  config: TrainerConfig,
): AsyncGenerator<TunedEvent, Map<string, string>, void> {
  const found = new Map<string, string>();
  for (;;) {
    const missing = contractionsOf(device, config, found);
    if (missing.size === 0) return found;
    const of = found.size + missing.size;
    for await (const tuned of tuneContractions(device, missing)) {
      found.set(tuned.signature, tuned.variant);
      yield { type: "tuned", number: found.size, of, ...tuned };
    }
  }
}

/** What a run with kernels computes but for what these are for, found by recording its step once. */
function contractionsOf(
  device: Device,
  config: TrainerConfig,
  found: ReadonlyMap<string, string>,
): Map<string, Contraction> {
  using variants = new VariantScope(device);
  const kernels = { adapter: device.adapter.name, variants: Object.fromEntries(found) };
  new Trainer(device, { ...config, kernels })[Symbol.dispose]();
  return new Map(
    [...variants.taken].filter(([signature]) => !found.has(signature))
      .map(([signature, { contraction }]) => [signature, contraction]),
  );
}
