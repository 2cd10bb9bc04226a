import type { Tensor } from "../../gpu/mod.ts";
import { prepareRun, read, update } from "../../gpu/kernel/run_kernel.ts";
import type { FlatParameters } from "./optimizer.ts";
import { settingsIn, skipPart } from "./row_update.ts";
import type { Formula } from "./rule.ts";

/** What averages that begin at zero need. */
export interface Corrections {
  /** By names of PyTorch's kind. */
  readonly state: { readonly step: Tensor; readonly bias_corrections: Tensor };
  /** Counts a step. */
  readonly advance: () => void;
}

/**
 * The corrections are `1 - beta^t`, by `c += (1 - beta) * (1 - c)`: in this form, unlike in `beta * c + (1 - beta)`,
 * the rounding of `beta` does not move the limit away from 1. They stay right if `beta` changes.
 *
 * @param rates What holds the settings; see {@linkcode settingsIn}.
 */
export function prepareCorrections(
  { name }: { readonly name: string },
  { values: { device }, gradientScaling }: FlatParameters,
  { corrected, settings = {} }: Formula,
  rates: Tensor,
): Corrections | undefined {
  if (!corrected) return undefined;
  const state = { step: device.state([1], "u32"), bias_corrections: device.state([corrected.length]) };
  const { buffers, skip } = skipPart(gradientScaling);
  const line = (share: string, i: number) => `  corrections[${i}] += ${share} * (1.0 - corrections[${i}]);\n`;
  const advance = prepareRun(device, {
    label: `${name.toLowerCase()} advance`,
    buffers: {
      corrections: update(state.bias_corrections),
      steps: update(state.step),
      learning_rate: read(rates),
      ...buffers,
    },
    grid: [1, 1, 1],
    workgroup: 1,
    body: `${skip}${settingsIn(settings)}${corrected.map(line).join("")}  steps[0] += 1u;`,
  });
  return { state, advance };
}
