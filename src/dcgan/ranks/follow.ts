import { openDataset } from "../../../plugins/datasets/mod.ts";
import type { Device } from "../../gpu/mod.ts";
import { openBatches } from "../batches/open_batches.ts";
import { fingerprintOf } from "../run/first_pictures.ts";
import { Trainer } from "../trainer.ts";
import { expectAlike } from "./expect_alike.ts";
import { hear, type RankMessage, type TrainingRanks } from "./rank_messages.ts";
import { writeState } from "./rank_state.ts";

/** What {@linkcode followTraining} may be given. */
export interface FollowOptions {
  /** Ends what waits for the dataset. */
  signal?: AbortSignal;
}

/**
 * Trains as rank 0 does, on a rank above 0, until the run ends there: computes the shards of this rank, and writes no files.
 * The dataset of the run must be found here too, by the same name; only the pictures of this rank's shards are read. If this
 * one fails, it ends all ranks where these can be ended.
 *
 * @throws {DatasetError} if the dataset cannot be used.
 * @throws {RangeError} if it has other pictures than that of rank 0.
 */
export async function followTraining(
  device: Device,
  ranks: TrainingRanks,
  { signal }: FollowOptions = {},
): Promise<void> {
  try {
    let message = await hear(ranks);
    while (message.type === "plan") message = await followPlan(device, ranks, message, signal);
  } catch (error) {
    // The others wait for this one
    ranks.abort?.((error as Error).message);
    throw error;
  }
}

/** Follows one plan, and gives the message that is no step of it. */
async function followPlan(
  device: Device,
  ranks: TrainingRanks,
  { config, options, steps }: RankMessage & { type: "plan" },
  signal: AbortSignal | undefined,
): Promise<RankMessage> {
  const { data, size, channels, dataOptions } = config;
  const { dataRoot, dataTimeout, mirror, offline } = options;
  await using dataset = await openDataset(data, {
    ...{ size, channels, options: dataOptions },
    ...(dataRoot === undefined ? {} : { data: dataRoot }),
    ...(dataTimeout === undefined ? {} : { timeLimit: dataTimeout }),
    ...(mirror === undefined ? {} : { mirrors: [mirror] }),
    ...(offline === undefined ? {} : { offline }),
    ...(signal === undefined ? {} : { signal }),
  });
  const pictures = await fingerprintOf(dataset, config, signal);
  if (pictures !== config.pictures || dataset.length !== config.images) {
    throw new RangeError(
      `Cannot train with rank 0: its dataset ${
        JSON.stringify(data)
      } has ${config.images} images, and this one has ` +
        `${dataset.length}${
          dataset.length === config.images ? " others" : ""
        }. Give all ranks the same pictures`,
    );
  }
  using batches = openBatches(device, dataset, config, signal, ranks);
  using trainer = new Trainer(device, config, batches, { ranks });
  writeState(trainer, await ranks.broadcast(), steps);
  for (;;) {
    const message = await hear(ranks);
    if (message.type === "step") await trainer.next();
    else if (message.type === "check") await expectAlike(ranks, trainer);
    else return message;
  }
}
