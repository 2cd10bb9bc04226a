/**
 * Serves the report of a run in a thread of its own.
 *
 * @module
 */
import "../../../host/on_native.ts";
import { type ReportServer, startPageServer } from "./page_server.ts";

/** What the worker is asked. */
export type ServerRequest =
  | { readonly type: "start"; readonly port: number }
  | { readonly type: "show"; readonly run: string }
  | { readonly type: "end" };

/** What it answers to the first and the last of these. */
export interface ServerReply {
  /** Address of the page. */
  readonly url: string;
}

/** What a worker has in place of a window. */
const scope = globalThis as unknown as {
  onmessage: (event: { data: ServerRequest }) => unknown;
  postMessage(reply: ServerReply): void;
};

let server: ReportServer | undefined;

scope.onmessage = async ({ data }) => {
  if (data.type === "start") server = startPageServer(data.port);
  if (data.type === "show") return server?.show(data.run);
  if (data.type === "end") await server?.[Symbol.asyncDispose]();
  scope.postMessage({ url: server?.url ?? "" });
};
