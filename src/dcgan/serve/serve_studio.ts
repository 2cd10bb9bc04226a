import { checkOptions, type OptionKinds } from "../explore/check_options.ts";
import { host as runtime } from "../../host/host.ts";
import { refusal } from "./http/answer.ts";
import { isLoopback } from "./http/hosts.ts";
import { type HttpServer, startHttpServer } from "./http/http_server.ts";
import { expectFreePort } from "./http/server_thread.ts";
import { SERVE_DEFAULTS, SERVE_KINDS, type ServeOptions } from "./serve_options.ts";
import { STUDIO_PAGE, studioAnswer, studioPage } from "./studio_page.ts";

/** Options of {@linkcode serveStudio}. */
export interface ServeStudioOptions extends Pick<ServeOptions, "host" | "port"> {}

/** What each option may be. */
export const STUDIO_KINDS = {
  host: SERVE_KINDS.host,
  port: SERVE_KINDS.port,
} as const satisfies OptionKinds<ServeStudioOptions>;

/** The studio page over HTTP. Disposing it ends the server. */
export interface StudioServer extends AsyncDisposable {
  /** Its address, such as `http://127.0.0.1:8000/`. */
  readonly url: string;
  /** What the user should know, a sentence each. */
  readonly warnings: readonly string[];
}

/** Milliseconds that answers have, once the server ends. */
const ENDING = 2000;

/**
 * Serves the studio page, which trains and explores in a browser tab, for this machine only unless a host says
 * otherwise. The page does all of its work itself: nothing is sent to this server. Browsers keep the runs of a
 * page by its address, so another port has others.
 *
 * @returns The server, listening.
 * @throws {Error} if the page is not built, in a clone.
 * @throws {TypeError} if an option is unknown.
 * @throws {RangeError} if an option is not allowed.
 * @throws {Deno.errors.AddrInUse} if the port is taken.
 *
 * @example
 * ```ts ignore
 * import { serveStudio } from "@x/dcgan";
 *
 * await using server = await serveStudio({ port: 0 });
 * console.log(server.url);
 * ```
 */
export async function serveStudio(options: ServeStudioOptions = {}): Promise<StudioServer> {
  checkOptions<ServeStudioOptions>("serveStudio()", "serve the studio", options, STUDIO_KINDS);
  const { host, port } = { ...SERVE_DEFAULTS, ...options };
  expectFreePort(host, port);
  const page = await studioPage();
  if (page === undefined) throw await whyMissing();
  const server = await startStudioServer(page, host, port);
  return {
    url: server.url,
    warnings: isLoopback(host) ? [] : [
      `Everybody who can reach this machine at ${host} can open this page. Browsers give it the GPU only over https, ` +
      "and on this machine: put a server with https in front of it",
    ],
    [Symbol.asyncDispose]: () => server.end(ENDING),
  };
}

/** Why there is no page: in a clone it may not be built, or may not be read. */
async function whyMissing(): Promise<unknown> {
  const problem = await runtime().stat(STUDIO_PAGE).then(() => undefined, (error) => error);
  // Deno's own message names the permission
  if (runtime().problemOf(problem) === "NotCapable") return problem;
  return new Error(
    "Cannot serve the studio: its page must be built, found none. In a clone, run deno task studio",
  );
}

/** Serves a page at `/`, and nothing else. */
export async function startStudioServer(page: string, hostname: string, port: number): Promise<HttpServer> {
  return await startHttpServer({
    hostname,
    port,
    failed: (error) => refusal(500, `Cannot answer this request: ${(error as Error).message}`),
  }, (asked) => asked.path === "/" ? studioAnswer(page, asked) : refusal(404, "There is nothing here but /"));
}
