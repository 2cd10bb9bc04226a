/** What runs in the worker: takes calls from the page, and answers. */
import { openDevice } from "../../src/gpu/mod.ts";
import { memoryHost } from "../../src/host/browser.ts";
import { setHost } from "../../src/host/host.ts";
import { calls } from "./calls.ts";
import { type Call, Engine } from "./engine.ts";
import { findKeptFiles, withFolder } from "./kept_files.ts";
import type { CallMessage, WorkerMessage } from "./messages.ts";

/** Where runs are, as in the command line. */
const RUNS = "/runs";

const send = (message: WorkerMessage): void => (self as unknown as Worker).postMessage(message);
const engine = new Engine(openDevice, (event, value) => send({ event, value }));

/** Runs are kept, if this page can; all else is in memory. */
async function setUpFiles(): Promise<void> {
  const kept = await findKeptFiles(RUNS);
  engine.keepsRuns = kept !== undefined;
  const memory = memoryHost();
  setHost(engine.given.over(kept ? withFolder(memory, RUNS, kept) : memory));
}
const ready = setUpFiles();

self.addEventListener("message", async ({ data: { id, name, given } }: MessageEvent<CallMessage>) => {
  const call = (calls as Record<string, Call>)[name];
  try {
    if (!call) throw new TypeError(`Cannot call "${name}": there must be such a call, found none`);
    await ready;
    send({ id, result: await call(engine, given) });
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    send({ id, error: { name: error.name, message: error.message, stack: error.stack } });
  }
});
