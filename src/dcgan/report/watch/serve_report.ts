import { host } from "../../../host/host.ts";
import { expectKnownOptions } from "../../../gpu/mod.ts";
import { LOOPBACK } from "../../serve/http/hosts.ts";
import { expectFreePort, startServerThread } from "../../serve/http/server_thread.ts";
import { type ReportServer, startPageServer } from "./page_server.ts";

/** Options of {@linkcode serveReport}. */
export interface ServeReportOptions {
  /**
   * The port, from 0 to 65535; 0 for a free one.
   *
   * @default {0}
   */
  port?: number;
}

/**
 * Serves the report of a run as a page that changes as the run goes on, whether this process trains it or
 * another one. It listens on 127.0.0.1 only, and refuses requests for another host, which a page elsewhere
 * could send through a name that leads here. While no page is open, it costs nothing. It has a thread of its
 * own, as training keeps this one waiting for the GPU; in a clone, a program that may not read the module
 * itself serves in this thread, and answers later.
 *
 * @returns The server, listening.
 * @throws {RangeError} if the port is not a port.
 * @throws {Deno.errors.AddrInUse} if the port is taken.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { openDevice, serveReport, train } from "@x/dcgan";
 *
 * using device = await openDevice();
 * await using server = await serveReport();
 * const out = await Deno.makeTempDir();
 * for await (const event of train(device, { size: 16, ngf: 8, ndf: 8, batch: 8, steps: 2, out })) {
 *   if (event.type === "start") server.show(event.config.out);
 * }
 * const page = await (await fetch(server.url)).text();
 * assert(page.includes("how training went"));
 * ```
 */
export async function serveReport(options: ServeReportOptions = {}): Promise<ReportServer> {
  expectKnownOptions<ServeReportOptions>("serveReport()", options, { port: true });
  const { port = 0 } = options;
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new RangeError(`Cannot serve a report: port must be a whole number from 0 to 65535, found ${port}`);
  }
  expectFreePort(LOOPBACK, port);
  const module = new URL("./server_worker.ts", import.meta.url);
  if (!host().canStartWorker(module)) return await startPageServer(port);
  const server = await startServerThread<{ port: number }, string, never, never>({
    module,
    options: { port },
  });
  return {
    url: server.url,
    show: (run) => server.tell(run),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
