import { host } from "../../../../src/host/host.ts";
import { type GuardOrder, Place, TICK } from "./protocol.ts";

/** Seconds that the main thread may be busy with work of its own, such as compiling kernels. */
const BUSY = 10;

let current: ProcessGuard | undefined;

/** The watchdog of this process, if a program has set one up. */
export function processGuard(): ProcessGuard | undefined {
  return current;
}

/**
 * The watchdog: ends the process if a plugin's code blocks the main thread. A time limit cannot do that, as
 * its timer is the main thread's too, and nothing else can stop such code. A worker watches: while something
 * is waited for, the main thread must send heartbeats. They are counted and not timed, so that a computer
 * that sleeps does not count as hung.
 *
 * For programs that may end themselves, such as the command line: {@linkcode ProcessGuard.setUp}. The worker
 * starts with the first plugin that is loaded from a module.
 */
export class ProcessGuard implements Disposable {
  #shared = new Int32Array(new SharedArrayBuffer(8));
  #worker: Worker | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #told: GuardOrder = { sentence: "", ticks: 0 };

  /** Sets up a watchdog for this process, until it is disposed. */
  static setUp(): ProcessGuard {
    current = new ProcessGuard();
    return current;
  }

  /** Starts the worker that watches. Without permission for it, nothing watches. */
  async start(): Promise<void> {
    const module = new URL("./watching_worker.ts", import.meta.url);
    if (this.#worker || !host().canStartWorker(module)) return;
    const worker = new Worker(module, { type: "module" });
    this.#worker = worker;
    const ready = Promise.withResolvers<void>();
    worker.onmessage = () => ready.resolve();
    worker.onerror = (event) => {
      event.preventDefault();
      this[Symbol.dispose]();
      ready.resolve();
    };
    worker.postMessage(this.#shared);
    await ready.promise;
    this.#timer = setInterval(() => Atomics.add(this.#shared, Place.ticks, 1), TICK);
    host().unrefTimer(this.#timer);
  }

  /**
   * Something is waited for from now on.
   *
   * @param sentence What to say before the process ends.
   * @param seconds How long heartbeats of the main thread may be missing; at least ten are allowed, as it may
   * be busy.
   * @returns Says that it is waited for no longer.
   */
  enter(sentence: string, seconds: number): () => void {
    if (!this.#worker || !Number.isFinite(seconds)) return () => {};
    const order = { sentence, ticks: Math.ceil(Math.max(seconds, BUSY) * 1000 / TICK) };
    if (order.sentence !== this.#told.sentence || order.ticks !== this.#told.ticks) {
      this.#worker.postMessage(order);
      this.#told = order;
    }
    Atomics.add(this.#shared, Place.ticks, 1);
    Atomics.add(this.#shared, Place.waits, 1);
    return () => Atomics.sub(this.#shared, Place.waits, 1);
  }

  /** Stops watching. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#worker?.terminate();
    this.#worker = undefined;
    if (current === this) current = undefined;
  }
}
