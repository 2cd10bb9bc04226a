import type { TrainConfig } from "../options/config.ts";
import { isOff } from "../schedules/scheduled_values.ts";

/** An average of the generator's weights that a run may keep. */
export interface KeptKind {
  /** Its file in checkpoints: a PyTorch state dict. */
  readonly file: string;
  /** What its state is called there. */
  readonly state: string;
  /** Its relative length, if it is a power-function average. */
  readonly length?: number;
}

/** The average that samples are drawn from. */
const SAMPLED: KeptKind = { file: "generator_ema.safetensors", state: "average" };

/** The averages that others are built from: of the relative lengths of Karras et al. 2024, section 3.2. */
export const POST_HOC: readonly Required<KeptKind>[] = [0.05, 0.1].map((length) => ({
  file: `generator_ema_${length.toFixed(2)}.safetensors`,
  state: `average_${length.toFixed(2)}`,
  length,
}));

/** All averages that a checkpoint may hold. */
export const ALL_AVERAGES: readonly KeptKind[] = [SAMPLED, ...POST_HOC];

/** File of the average that samples are drawn from. */
export const AVERAGE_FILE = SAMPLED.file;

/** The averages that a run with this config keeps. */
export function averagesOf({ ema, emaSnapshots }: Pick<TrainConfig, "ema" | "emaSnapshots">): KeptKind[] {
  return [...(isOff(ema) ? [] : [SAMPLED]), ...(emaSnapshots > 0 ? POST_HOC : [])];
}
