/**
 * Compares sets of pictures in a thread of its own.
 *
 * @module
 */
import "../../../host/on_native.ts";
import { compare, type ComparisonArgs, type ComparisonName, type ComparisonResults } from "./comparisons.ts";

/** What the worker is asked. */
export interface ComparisonRequest {
  /** Which comparison. */
  readonly name: ComparisonName;
  /** What of. */
  readonly args: ComparisonArgs[ComparisonName];
}

/** What it answers: first that it is ready. */
export type ComparisonReply =
  | "ready"
  | { readonly result: ComparisonResults[ComparisonName] }
  | { readonly error: unknown };

/** What a worker has in place of a window. */
const scope = globalThis as unknown as {
  onmessage: (event: { data: ComparisonRequest }) => void;
  postMessage(reply: ComparisonReply): void;
};

scope.onmessage = ({ data: { name, args } }) => {
  try {
    scope.postMessage({ result: compare(name, args) });
  } catch (error) {
    scope.postMessage({ error });
  }
};
scope.postMessage("ready");
