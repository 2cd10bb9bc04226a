import { sidesOf } from "../../../src/pictures/mod.ts";
import type { TrainConfig } from "../../../src/dcgan/options/config.ts";
import type { Pictures } from "../../engine/model.ts";

/** Samples of a run, as the page draws them. */
export function picturesOf(
  data: Uint8Array,
  count: number,
  { size, channels }: Pick<TrainConfig, "size" | "channels">,
): Pictures {
  return { count, ...sidesOf(size), channels: channels as Pictures["channels"], data };
}
