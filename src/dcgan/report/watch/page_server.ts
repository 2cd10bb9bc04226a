import { LiveRun } from "./live_run.ts";

/** The only address that it listens to: nobody but this machine can ask. */
export const HOSTNAME = "127.0.0.1";

/** Milliseconds that pages have to take the last report. */
const LAST = 1000;

/** The pictures of a run folder that are served; nothing else in it is. */
const PICTURE = /^\/(real\.png|samples\/step-\d+\.png)$/;

/** A page that follows a run, on this machine only. Disposing it says so in the page, and ends the server. */
export interface ReportServer extends AsyncDisposable {
  /** Its address. */
  readonly url: string;
  /** Says which run it follows. Until then, the page waits. */
  show(run: string): void;
}

/**
 * Serves the report of a run in this thread.
 *
 * @param port 0 for a free one.
 */
export function startPageServer(port: number): ReportServer {
  const run = new LiveRun();
  const controller = new AbortController();
  let hosts: readonly string[] = [];
  const server = Deno.serve({
    hostname: HOSTNAME,
    port,
    signal: controller.signal,
    onListen: () => {},
    onError: () => answer(500, "The run cannot be read just now. Try again"),
  }, async (request) => {
    // A name of somebody else that leads to this machine must not let their page read the run
    if (!hosts.includes(request.headers.get("host") ?? "")) return answer(403, "This host is not served");
    if (request.method !== "GET" && request.method !== "HEAD") return answer(405, "Only GET is served");
    return await respond(run, new URL(request.url).pathname);
  });
  const { port: actual } = server.addr;
  hosts = [`${HOSTNAME}:${actual}`, `localhost:${actual}`, ...actual === 80 ? [HOSTNAME, "localhost"] : []];
  return {
    url: `http://${HOSTNAME}:${actual}/`,
    show: (path) => run.show(path),
    [Symbol.asyncDispose]: async () => {
      await run.end();
      const timer = setTimeout(() => controller.abort(), LAST);
      await server.shutdown().catch(() => {});
      clearTimeout(timer);
    },
  };
}

async function respond(run: LiveRun, path: string): Promise<Response> {
  if (path === "/") return answer(200, await run.page(), "text/html; charset=utf-8");
  if (path === "/events") return answer(200, run.events(), "text/event-stream");
  if (run.path === undefined || !PICTURE.test(path)) return answer(404, "There is nothing here");
  try {
    return answer(200, await Deno.readFile(`${run.path}${path}`), "image/png");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return answer(404, "There is no such picture");
  }
}

function answer(status: number, body: BodyInit, type = "text/plain; charset=utf-8"): Response {
  return new Response(body, {
    status,
    headers: {
      "content-type": type,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "cross-origin-resource-policy": "same-origin",
      "referrer-policy": "no-referrer",
    },
  });
}
