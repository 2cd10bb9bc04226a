import type { Call } from "../engine/engine.ts";

/** What the worker does for this view. */
export const exploreCalls = {} satisfies Record<string, Call>;
