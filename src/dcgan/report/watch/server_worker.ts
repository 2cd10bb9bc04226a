/**
 * Serves the report of a run in a thread of its own.
 *
 * @module
 */
import "../../../host/on_native.ts";
import { serveAsThread } from "../../serve/http/serve_as_thread.ts";
import { startPageServer } from "./page_server.ts";

serveAsThread(
  ({ port }: { port: number }) => startPageServer(port),
  (server, run: string) => server.show(run),
);
