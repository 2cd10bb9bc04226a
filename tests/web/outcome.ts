import type { Outcome } from "./scenario.ts";

/** What must come out of the scenario, wherever it runs. */
export const outcome: Outcome = {
  events: ["checkpoint", "end", "judgment", "metrics", "samples", "score", "start"],
  steps: [1, 2, 3, 4],
  differing: [],
  compared: [
    "samples/step-000004.png",
    ...["generator", "discriminator", "training"].map((name) =>
      `checkpoints/step-000004/${name}.safetensors`
    ),
  ],
  png: [0x89, 0x50, 0x4e, 0x47],
  warnings: [],
};
