import { workloadNamed, WORKLOADS } from "../../../bench/workloads.ts";
import type { TrainConfig } from "../../../src/dcgan/options/config.ts";

/** What a card is given to do. */
export interface CardWorkload {
  /** Its name in tables. */
  readonly name: string;
  /** A training step, or drawing samples. */
  readonly kind: "training" | "sampling";
  /** The config of the run. */
  readonly config: TrainConfig;
}

const { config: middle } = workloadNamed("M");

/** Training steps of the bench's small and middle networks, the latter with larger batches too, and samples of both. */
export const CARD_WORKLOADS: readonly CardWorkload[] = [
  { name: "S", kind: "training", config: workloadNamed("S").config },
  ...[8, 64, 128].map((batch): CardWorkload => ({
    name: `M${batch}`,
    kind: "training",
    config: { ...middle, batch },
  })),
  ...WORKLOADS.map(({ name, config }): CardWorkload => ({
    name: `${name} samples`,
    kind: "sampling",
    config,
  })),
];
