import { exploreCalls } from "../explore/calls.ts";
import { insideCalls } from "../inside/calls.ts";
import { trainCalls } from "../train/calls.ts";

/** All that the page can have done in the worker, by name. */
export const calls = { ...trainCalls, ...exploreCalls, ...insideCalls };

/** The type of {@linkcode calls}, from which those of the client follow. */
export type Calls = typeof calls;
