import { host } from "../../../host/host.ts";
import type { ComparisonReply, ComparisonRequest } from "./comparing_worker.ts";
import { compare, type ComparisonArgs, type ComparisonName, type ComparisonResults } from "./comparisons.ts";

/** Bytes that are compared in less time than a thread takes to start. */
const FEW = 2 ** 20;

/**
 * Compares sets of pictures in a thread of its own: ten thousand take a minute or more, in which this thread
 * would hear of no Ctrl-C. Without permission for that thread it is done here.
 *
 * @param signal Ends it once it aborts, with the signal's reason.
 */
export async function compareApart<N extends ComparisonName>(
  name: N,
  args: ComparisonArgs[N],
  signal: AbortSignal | undefined,
): Promise<ComparisonResults[N]> {
  signal?.throwIfAborted();
  const module = new URL("./comparing_worker.ts", import.meta.url);
  if (bytesIn(args) < FEW || !host().canStartWorker(module)) return compare(name, args);
  return await inWorker(new Worker(module, { type: "module" }), name, args, signal);
}

async function inWorker<N extends ComparisonName>(
  worker: Worker,
  name: N,
  args: ComparisonArgs[N],
  signal: AbortSignal | undefined,
): Promise<ComparisonResults[N]> {
  const { promise, resolve, reject } = Promise.withResolvers<ComparisonResults[N]>();
  const abort = (): void => reject(signal!.reason);
  signal?.addEventListener("abort", abort);
  const here = (): void => resolve(Promise.try(() => compare(name, args)));
  let ready = false;
  worker.onmessage = ({ data }: MessageEvent<ComparisonReply>) => {
    if (data === "ready") {
      ready = true;
      try {
        worker.postMessage({ name, args } satisfies ComparisonRequest);
      } catch {
        // What a script's network says of pictures may be more than another thread can be sent
        here();
      }
    } else if ("error" in data) reject(data.error);
    else resolve(data.result as ComparisonResults[N]);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    if (ready) reject(new Error(`Cannot compare images: ${event.message}`));
    // It could not start
    else here();
  };
  try {
    return await promise;
  } finally {
    signal?.removeEventListener("abort", abort);
    worker.terminate();
  }
}

/** Bytes of the arrays in a value. */
function bytesIn(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (typeof value !== "object" || value === null) return 0;
  return Object.values(value).reduce((sum: number, part) => sum + bytesIn(part), 0);
}
