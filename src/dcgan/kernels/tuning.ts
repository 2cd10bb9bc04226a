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
  const contractions = contractionsOf(device, config);
  const found = new Map<string, string>();
  for await (const tuned of tuneContractions(device, contractions)) {
    found.set(tuned.signature, tuned.variant);
    yield { type: "tuned", number: found.size, of: contractions.size, ...tuned };
  }
  const kept = await rememberKernels(device, found, path).then(
    (path) => ({ path }),
    (error: Error) => {
      keepKernels(device, found);
      return { problem: error.message };
    },
  );
  yield { type: "tuning-end", kernels: found.size, ...kept };
}

/** What a run computes, found by recording its step once. */
function contractionsOf(device: Device, config: TrainerConfig): Map<string, Contraction> {
  using variants = new VariantScope(device);
  new Trainer(device, config)[Symbol.dispose]();
  return new Map([...variants.taken].map(([signature, { contraction }]) => [signature, contraction]));
}
