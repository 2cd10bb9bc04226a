import type { Peers } from "../../gpu/mod.ts";
import type { TrainConfig } from "../options/config.ts";
import type { TrainOptions } from "../options/options.ts";

/** The ranks of a run, as one of them: see `openRanks()`, which finds them where `mpirun` started the program. */
export interface TrainingRanks extends Peers {
  /** Passes the bytes of rank 0 to all, which gives none itself. Others may wait for it as long as it takes. */
  broadcast(bytes?: Uint8Array): Promise<Uint8Array>;
  /** Ends all ranks at once, saying why. Without it, ranks that wait for one that failed do so on. */
  abort?(reason: string): never;
}

/** How a rank opens the dataset: what of that is no part of a config. */
export type OpeningOptions = Pick<TrainOptions, "dataRoot" | "dataTimeout" | "mirror" | "offline">;

/** What rank 0 tells the others. */
export type RankMessage =
  /** What is trained, from here on. A message with all values that the next step depends on follows. */
  | {
    readonly type: "plan";
    readonly config: TrainConfig;
    readonly options: OpeningOptions;
    readonly steps: number;
  }
  /** All take a step. */
  | { readonly type: "step" }
  /** All compare what they have learned. */
  | { readonly type: "check" }
  /** The run is over. */
  | { readonly type: "end" };

/** Passes a message on, as rank 0. */
export async function tell(ranks: TrainingRanks, message: RankMessage): Promise<void> {
  await ranks.broadcast(new TextEncoder().encode(JSON.stringify(message)));
}

/** The next message of rank 0. */
export async function hear(ranks: TrainingRanks): Promise<RankMessage> {
  return JSON.parse(new TextDecoder().decode(await ranks.broadcast()));
}
