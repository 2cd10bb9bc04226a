import type { FromThread, RunningServer, ToThread } from "./thread_messages.ts";

/** What a worker has in place of a window. */
interface WorkerScope<Options, Told, Question, Reply> {
  onmessage: (event: { data: ToThread<Options, Told, Reply> }) => unknown;
  postMessage(message: FromThread<Question>): void;
}

/**
 * Runs a server in this worker, for `startServerThread()` in another thread.
 *
 * @param start Starts it. `ask` asks the thread that has started this one.
 * @param tell Passes on what that thread tells.
 */
export function serveAsThread<Options, Told, Question, Reply, Server extends RunningServer>(
  start: (options: Options, ask: (question: Question) => Promise<Reply>) => Promise<Server>,
  tell?: (server: Server, told: Told) => void,
): void {
  const scope = globalThis as unknown as WorkerScope<Options, Told, Question, Reply>;
  const asked = new Map<number, PromiseWithResolvers<Reply>>();
  let server: Server | undefined;
  let count = 0;
  const ask = (question: Question): Promise<Reply> => {
    const reply = Promise.withResolvers<Reply>();
    asked.set(count, reply);
    scope.postMessage({ type: "ask", id: count++, question });
    return reply.promise;
  };
  const take = (id: number): PromiseWithResolvers<Reply> => {
    const reply = asked.get(id)!;
    asked.delete(id);
    return reply;
  };
  scope.onmessage = async ({ data }) => {
    switch (data.type) {
      case "start":
        try {
          server = await start(data.options, ask);
          return scope.postMessage({ type: "started", url: server.url });
        } catch (error) {
          return scope.postMessage({ type: "failed", problem: (error as Error).message });
        }
      case "tell":
        return tell?.(server!, data.told);
      case "reply":
        return take(data.id).resolve(data.reply);
      case "refuse":
        return take(data.id).reject(new Error(data.problem));
      case "end":
        await server?.[Symbol.asyncDispose]();
        scope.postMessage({ type: "ended" });
    }
  };
}
