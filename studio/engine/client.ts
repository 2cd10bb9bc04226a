import type { Calls } from "./calls.ts";
import type { WorkerMessage } from "./messages.ts";

/** An error of the worker, with its name there, by which callers decide. */
export class EngineError extends Error {
  /** Made of what the worker sent. */
  constructor(name: string, message: string, stack?: string) {
    super(message);
    this.name = name;
    if (stack !== undefined) this.stack = stack;
  }
}

/** What the worker does for the page. */
export class EngineClient {
  #worker: Worker;
  #waiting = new Map<
    number,
    { readonly resolve: (result: never) => void; readonly reject: (error: Error) => void }
  >();
  #hearing = new Map<string, Set<(value: never) => void>>();
  #next = 0;

  /** Speaks to a worker that runs `worker.ts`. */
  constructor(worker: Worker) {
    this.#worker = worker;
    worker.addEventListener("message", ({ data }: MessageEvent<WorkerMessage>) => this.#take(data));
    worker.addEventListener("error", (event) => {
      const error = new EngineError("Error", `The worker broke down: ${event.message}. Load the page again`);
      for (const { reject } of this.#waiting.values()) reject(error);
      this.#waiting.clear();
    });
  }

  /**
   * Has the worker do something.
   *
   * @param name A call of `train/calls.ts`, `explore/calls.ts` or `inside/calls.ts`.
   * @param transfer Buffers in `given` that move to the worker in place of being copied.
   * @throws {EngineError} if it fails there.
   */
  call<Name extends keyof Calls>(
    name: Name,
    given: Parameters<Calls[Name]>[1],
    transfer: Transferable[] = [],
  ): Promise<Awaited<ReturnType<Calls[Name]>>> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, name, given }, transfer);
    });
  }

  /**
   * Calls a function whenever the worker tells something by this name.
   *
   * @returns What ends that.
   */
  on<Value>(event: string, hear: (value: Value) => void): () => void {
    const heard = this.#hearing.get(event) ?? new Set();
    this.#hearing.set(event, heard);
    heard.add(hear);
    return () => heard.delete(hear);
  }

  #take(message: WorkerMessage): void {
    if ("event" in message) {
      for (const hear of this.#hearing.get(message.event) ?? []) hear(message.value as never);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if ("result" in message) waiting?.resolve(message.result as never);
    else {
      const { name, message: text, stack } = message.error;
      waiting?.reject(new EngineError(name, text, stack));
    }
  }
}
