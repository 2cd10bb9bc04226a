/**
 * The thread of the watchdog, `ProcessGuard`: it ends the process if the main thread is blocked.
 *
 * @module
 */
import { type GuardOrder, Place, TICK } from "./protocol.ts";

/** Further heartbeats that may be missing, as threads do not run at the same pace. */
const MORE_TICKS = 3;

const scope = globalThis as unknown as {
  postMessage(reply: "ready"): void;
  onmessage: (event: MessageEvent<Int32Array | GuardOrder>) => void;
};

let shared: Int32Array = new Int32Array(2);
let order: GuardOrder = { sentence: "", ticks: Infinity };
let last = 0;
let missing = 0;
/** Whether standard error was free when heartbeats had been missing for too long. */
let isFree = false;

scope.onmessage = ({ data }) => {
  if (data instanceof Int32Array) {
    shared = data;
    scope.postMessage("ready");
  } else {
    order = data;
  }
};

setInterval(() => {
  const ticks = Atomics.load(shared, Place.ticks);
  const standsStill = ticks === last && Atomics.load(shared, Place.waits) > 0;
  missing = standsStill ? missing + 1 : 0;
  isFree &&= standsStill;
  last = ticks;
  if (missing <= order.ticks + MORE_TICKS) return;
  if (!isFree) {
    // Deno may be asking for a permission: this waits until it is answered, and then the main thread
    // continues
    if (Deno.stderr.isTerminal()) Deno.stderr.writeSync(new TextEncoder().encode("\r"));
    isFree = true;
    missing = order.ticks;
    return;
  }
  // The progress line on a terminal has no line break yet
  const clear = Deno.stderr.isTerminal() ? "\r\x1b[K" : "";
  console.error(`${clear}error: ${order.sentence}`);
  // No signal that the main thread listens to would reach it
  Deno.kill(Deno.pid, "SIGKILL");
}, TICK);
