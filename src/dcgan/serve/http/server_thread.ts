import type { FromThread, RunningServer, ToThread } from "./thread_messages.ts";

/** A server that can be told something as it runs. */
export interface TellableServer<Told> extends RunningServer {
  /** Tells it. */
  tell(told: Told): void;
}

/** How {@linkcode startServerThread} starts a server. */
export interface ServerThreadOptions<Options, Question, Reply> {
  /** The module of the thread, which calls `serveAsThread()`. */
  readonly module: URL;
  /** What the server is started with. */
  readonly options: Options;
  /** Answers what the server asks of this thread. */
  readonly answer?: (question: Question) => Promise<Reply>;
}

/**
 * Throws if nothing can listen there: in this thread, so that a permission that is missing is asked for.
 *
 * @throws {Deno.errors.AddrInUse} if the port is taken.
 */
export function expectFreePort(hostname: string, port: number): void {
  try {
    Deno.listen({ hostname, port }).close();
  } catch (cause) {
    if (!(cause instanceof Deno.errors.AddrInUse)) throw cause;
    throw new Deno.errors.AddrInUse(
      `Cannot serve at ${hostname}: port ${port} is taken. Give another port, or 0 for a free one`,
      { cause },
    );
  }
}

/**
 * Starts a server in a thread of its own. While the GPU is waited for, this thread does nothing else, and the
 * server would answer nobody.
 *
 * @throws {Error} if the server does not start.
 */
export async function startServerThread<Options, Told, Question, Reply>(
  { module, options, answer }: ServerThreadOptions<Options, Question, Reply>,
): Promise<TellableServer<Told>> {
  const worker = new Worker(module, { type: "module" });
  const send = (message: ToThread<Options, Told, Reply>): void => worker.postMessage(message);
  const started = Promise.withResolvers<string>();
  const ended = Promise.withResolvers<void>();
  worker.onmessage = ({ data }: MessageEvent<FromThread<Question>>) => {
    switch (data.type) {
      case "started":
        return started.resolve(data.url);
      case "failed":
        return started.reject(new Error(data.problem));
      case "ended":
        return ended.resolve();
      case "ask":
        answer!(data.question).then(
          (reply) => send({ type: "reply", id: data.id, reply }),
          (error) => send({ type: "refuse", id: data.id, problem: `${error?.message ?? error}` }),
        );
    }
  };
  worker.onerror = (event) => {
    event.preventDefault();
    started.reject(new Error(`Cannot serve: ${event.message}`));
    // A server that has failed has nothing to end
    ended.resolve();
  };
  send({ type: "start", options });
  const url = await started.promise.catch((error) => {
    worker.terminate();
    throw error;
  });
  return {
    url,
    tell: (told) => send({ type: "tell", told }),
    [Symbol.asyncDispose]: async () => {
      send({ type: "end" });
      await ended.promise;
      worker.terminate();
    },
  };
}
