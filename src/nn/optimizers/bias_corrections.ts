import type { Tensor } from "../../gpu/mod.ts";
import { each, f32, prepareRun, update } from "../../gpu/kernel/run_kernel.ts";
import type { FlatParameters } from "./optimizer.ts";
import { skipPart } from "./row_update.ts";
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
 * the rounding of `beta` does not move the limit away from 1.
 */
export function prepareCorrections(
  { name }: { readonly name: string },
  { values: { device }, gradientScaling }: FlatParameters,
  { corrected: betas }: Formula,
): Corrections | undefined {
  if (!betas) return undefined;
  const state = { step: device.state([1], "u32"), bias_corrections: device.state([betas.length]) };
  const { buffers, skip } = skipPart(gradientScaling);
  const line = (i: number) => `  corrections[${i}] += params.fresh${i + 1} * (1.0 - corrections[${i}]);\n`;
  const advance = prepareRun(device, {
    label: `${name.toLowerCase()} advance`,
    buffers: { corrections: update(state.bias_corrections), steps: update(state.step), ...buffers },
    uniforms: each(f32, Object.fromEntries(betas.map((beta, i) => [`fresh${i + 1}`, 1 - beta]))),
    grid: [1, 1, 1],
    workgroup: 1,
    body: `${skip}${betas.map((_, i) => line(i)).join("")}  steps[0] += 1u;`,
  });
  return { state, advance };
}
