import { choice, integer } from "../option.ts";
import type { OptionTable } from "../option_marks.ts";
import type { UpdateOptions } from "../update_options.ts";

/** Options of how a step updates the networks, with those of training. */
export const updateOptions: Pick<OptionTable, keyof UpdateOptions> = {
  dSteps: {
    ...integer(1, 100),
    group: "Steps and batches",
    value: "count",
    summary: "updates of the discriminator in each step, each on a batch of its own",
    default: 1,
    overridable: true,
  },
  gSteps: {
    ...integer(1, 100),
    group: "Steps and batches",
    value: "count",
    summary: "updates of the generator in each step, each on fresh latent vectors",
    default: 1,
    overridable: true,
  },
  accumulate: {
    ...integer(1, 1024),
    group: "Steps and batches",
    value: "count",
    summary:
      "equal parts of a batch that pass one after another, their gradients added up, to take less memory; " +
      "divides the batch",
    default: 1,
    overridable: true,
  },
  shards: {
    ...integer(1, 1024),
    group: "Steps and batches",
    value: "count",
    summary:
      "equal parts of a batch that the ranks of a run share: any number of ranks trains the same networks to " +
      "the bit; divides the batch",
    default: 1,
    overridable: true,
  },
  bn: {
    ...choice(["sync", "local"]),
    group: "Steps and batches",
    value: "statistics",
    summary:
      "with --shards, what batch norms normalize with: sync, the statistics of the whole batch; local, those " +
      "of each shard, which spares ranks from waiting, but is no longer the step of the whole batch",
    default: "sync",
    overridable: true,
  },
  exchange: {
    ...choice(["f32", "f16"]),
    group: "Steps and batches",
    value: "type",
    summary:
      "with --shards, what gradients are added up and passed in: f16 halves the bytes that ranks pass, and rounds",
    default: "f32",
    overridable: true,
  },
};
