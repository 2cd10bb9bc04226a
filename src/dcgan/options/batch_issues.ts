import type { ConfigIssue } from "./config_issue.ts";
import type { TrainOptions } from "./options.ts";

/** Images in a batch of a run that does not say how many. */
export const DEFAULT_BATCH = 64;

/** What a batch falls into. */
type BatchParts = Pick<TrainOptions, "pack" | "accumulate">;

/** What else of a run's options is looked at. */
type BatchOptions = Pick<TrainOptions, "resume" | "preset" | "batch" | "conditional">;

/** What the batch of a run is a multiple of: each of its parts is made of whole packs. */
export function batchUnit({ pack = 1, accumulate = 1 }: BatchParts): number {
  return pack * accumulate;
}

/** A batch that does not fall into equal parts of whole packs, or packs of images of several classes. */
export function batchIssues(
  { resume, preset, batch, pack, accumulate, conditional }: BatchParts & BatchOptions,
): ConfigIssue[] {
  if (conditional && pack !== undefined && pack > 1) {
    const why = "the images of a pack are of several classes, and it can be told one";
    return [{ option: "pack", problem: `must be 1 with "conditional", found ${pack}: ${why}` }];
  }
  // What a run that is resumed has is known once its config is read, and auto chooses a batch that fits
  const isOpen = resume !== undefined || preset === "auto";
  const [size = isOpen ? undefined : DEFAULT_BATCH, packed = 1, parts = 1] = [batch, pack, accumulate];
  // What is no whole number is refused by the check of its own
  if (size === undefined || ![size, packed, parts].every(Number.isInteger)) return [];
  if (size % parts !== 0) {
    return [{ option: "accumulate", problem: `must divide the batch, ${size}, found ${parts}` }];
  }
  if (size / parts % packed === 0) return [];
  const whole = parts === 1
    ? `the batch, ${size}`
    : `each of the ${parts} parts of the batch, ${size / parts}`;
  return [{ option: "pack", problem: `must divide ${whole}, found ${packed}` }];
}
