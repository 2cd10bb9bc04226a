import { type Answer, answer, refusal } from "../../serve/http/answer.ts";
import { LOOPBACK } from "../../serve/http/hosts.ts";
import { startHttpServer } from "../../serve/http/http_server.ts";
import { LiveRun } from "./live_run.ts";

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
export async function startPageServer(port: number): Promise<ReportServer> {
  const run = new LiveRun();
  const server = await startHttpServer({
    hostname: LOOPBACK,
    port,
    failed: () => refusal(500, "The run cannot be read just now. Try again"),
  }, ({ path }) => respond(run, path));
  return {
    url: server.url,
    show: (path) => run.show(path),
    [Symbol.asyncDispose]: async () => {
      await run.end();
      await server.end(LAST);
    },
  };
}

async function respond(run: LiveRun, path: string): Promise<Answer> {
  if (path === "/") return answer(200, await run.page(), "text/html; charset=utf-8");
  if (path === "/events") return answer(200, run.events(), "text/event-stream");
  if (run.path === undefined || !PICTURE.test(path)) return refusal(404, "There is nothing here");
  try {
    return answer(200, await Deno.readFile(`${run.path}${path}`), "image/png");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return refusal(404, "There is no such picture");
  }
}
