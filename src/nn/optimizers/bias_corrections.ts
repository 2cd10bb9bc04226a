import type { Tensor } from "../../gpu/mod.ts";
import { type Argument, update } from "../../gpu/kernel/run_kernel.ts";
import type { FlatParameters } from "./optimizer.ts";
import { RATES, settingsIn, skipPart } from "./row_update.ts";
import type { Formula } from "./rule.ts";

/** What averages that begin at zero need. */
export interface Corrections {
  /** By names of PyTorch's kind. */
  readonly state: { readonly step: Tensor; readonly bias_corrections: Tensor };
  /** WGSL that declares the sums of shares with that of the present step, in the update. */
  readonly declared: string;
  /** What counts a step after its update. One thread runs the body, also behind something else. */
  readonly advance: { readonly buffers: Readonly<Record<string, Argument>>; readonly body: string };
}

/**
 * The corrections are `1 - beta^t`, by `c += (1 - beta) * (1 - c)`: in this form, unlike in `beta * c + (1 - beta)`,
 * the rounding of `beta` does not move the limit away from 1. They stay right if `beta` changes. An update knows those
 * of its own step from those of the last, so that they may be stored after it.
 *
 * @param rates What holds the settings, and the corrections themselves; see {@linkcode RATES}.
 */
export function prepareCorrections(
  { values: { device }, gradientScaling }: FlatParameters,
  { corrected = [], settings = {} }: Formula,
  rates: Tensor,
): Corrections | undefined {
  if (corrected.length === 0) return undefined;
  const { buffers, skip } = skipPart(gradientScaling);
  const at = (i: number) => `rates[${RATES.corrections + i}]`;
  const next = (share: string, i: number) => `${at(i)} + ${share} * (1.0 - ${at(i)})`;
  const steps = device.state([1], "u32");
  return {
    state: {
      step: steps,
      bias_corrections: device.slice(rates, RATES.corrections, [corrected.length]),
    },
    declared: corrected.map((share, i) => `  let sum_of_${share} = ${next(share, i)};\n`).join(""),
    advance: {
      buffers: { rates: update(rates), steps: update(steps), ...buffers },
      body: `${skip && `  if (${skip}) { return; }\n`}${settingsIn(settings)}${
        corrected.map((share, i) => `  ${at(i)} = ${next(share, i)};\n`).join("")
      }  steps[0] += 1u;`,
    },
  };
}
