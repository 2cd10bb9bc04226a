import type { Call } from "../engine/engine.ts";

/** What the worker does for this view. */
export const trainCalls = {
  "gpu.name": async (engine) => (await engine.device()).adapter.name,
} satisfies Record<string, Call>;
