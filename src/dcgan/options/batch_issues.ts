import type { ConfigIssue } from "./config_issue.ts";
import type { TrainOptions } from "./options.ts";

/** Images in a batch of a run that does not say how many. */
export const DEFAULT_BATCH = 64;

/** What a batch falls into. */
type BatchParts = Pick<TrainOptions, "pack" | "accumulate" | "shards">;

/** What else of a run's options is looked at. */
type BatchOptions = Pick<TrainOptions, "resume" | "preset" | "batch" | "conditional" | "dNorm">;

/** What the batch of a run is a multiple of: each of its parts is made of whole packs. */
export function batchUnit({ pack = 1, accumulate = 1, shards = 1 }: BatchParts): number {
  return pack * accumulate * shards;
}

/** A batch that does not fall into equal parts of whole packs, or packs of images of several classes. */
export function batchIssues(
  { resume, preset, batch, pack, accumulate, shards, conditional, dNorm }: BatchParts & BatchOptions,
): ConfigIssue[] {
  if (shards !== undefined && shards > 1) {
    if (accumulate !== undefined && accumulate > 1) {
      const problem =
        `must be 1 with "shards", found ${accumulate}: without batch norm, or with local ones, shards pass ` +
        "one after another as well, and take no more memory";
      return [{ option: "accumulate", problem }];
    }
    if (dNorm === "spectral") {
      const problem =
        `must be "batch" or "none" with "shards", found "spectral": its estimates follow each pass, and ` +
        "would depend on how many ranks share the shards";
      return [{ option: "dNorm", problem }];
    }
  }
  if (conditional && pack !== undefined && pack > 1) {
    const why = "the images of a pack are of several classes, and it can be told one";
    return [{ option: "pack", problem: `must be 1 with "conditional", found ${pack}: ${why}` }];
  }
  // What a run that is resumed has is known once its config is read, and auto chooses a batch that fits
  const isOpen = resume !== undefined || preset === "auto";
  const [size = isOpen ? undefined : DEFAULT_BATCH, packed = 1] = [batch, pack];
  const [option, parts] = shards !== undefined && shards > 1
    ? ["shards", shards] as const
    : ["accumulate", accumulate ?? 1] as const;
  // What is no whole number is refused by the check of its own
  if (size === undefined || ![size, packed, parts].every(Number.isInteger)) return [];
  if (size % parts !== 0) {
    return [{ option, problem: `must divide the batch, ${size}, found ${parts}` }];
  }
  if (size / parts % packed === 0) return [];
  const whole = parts === 1
    ? `the batch, ${size}`
    : `each of the ${parts} parts of the batch, ${size / parts}`;
  return [{ option: "pack", problem: `must divide ${whole}, found ${packed}` }];
}
