import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { pipeline } from "node:stream/promises";
import { Readable } from "node:stream";
import type { Answer, Asked } from "./answer.ts";
import { allowedHosts, hostInUrl } from "./hosts.ts";
import { HTTP_LIMITS, type HttpLimits } from "./http_limits.ts";
import { commonHeaders } from "./common_headers.ts";
import { problemOf, type RequestRules } from "./request_rules.ts";
import { targetOf } from "./target.ts";

/** How {@linkcode startHttpServer} serves. */
export interface HttpServerOptions {
  /** Address or name to listen at. */
  readonly hostname: string;
  /** The port; 0 for a free one. */
  readonly port: number;
  /** The answer if making one failed. */
  readonly failed: (error: unknown) => Answer;
  /** Origin whose pages may read answers, or `*`; none if it is not given. */
  readonly cors?: string | undefined;
  /** What it takes from clients at most. */
  readonly limits?: Partial<HttpLimits> | undefined;
}

/** A server that listens. */
export interface HttpServer {
  /** Its address, `http://127.0.0.1:8000/`. */
  readonly url: string;
  /** The port that it listens at. */
  readonly port: number;
  /**
   * Takes no more connections, and waits for the answers that are being made or sent.
   *
   * @param most Milliseconds after which what is left is cut off.
   */
  end(most: number): Promise<void>;
}

/** Milliseconds between two looks for connections that take too long. */
const LOOK = 500;

/** The same for connections that nobody waits at anymore, once the server ends. */
const LOOK_AT_END = 20;

/**
 * Serves GET and HEAD. What clients may send, and how long they may take for it, is bounded, which
 * `Deno.serve()` cannot do; so it is `node:http`.
 *
 * @param respond Makes an answer. What it throws is for `failed`.
 * @throws {Error} if it cannot listen there.
 */
export async function startHttpServer(
  { hostname, port, failed, cors, limits: given }: HttpServerOptions,
  respond: (asked: Asked) => Answer | Promise<Answer>,
): Promise<HttpServer> {
  const limits = { ...HTTP_LIMITS, ...given };
  // Connections, and how many requests of each wait for their answers
  const waiting = new Map<Socket, number>();
  let rules: RequestRules = { limits, hosts: new Set(), cors };
  let isEnding = false;
  const server = createServer({
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.arrival,
    requestTimeout: limits.arrival,
    keepAliveTimeout: limits.idle,
    connectionsCheckingInterval: Math.min(LOOK, limits.arrival / 2),
    // Which hosts are served is checked for every version of HTTP
    requireHostHeader: false,
  });
  server.maxConnections = limits.connections;
  server.on("connection", (socket: Socket) => {
    waiting.set(socket, 0);
    socket.on("close", () => waiting.delete(socket));
  });
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    const open = (waiting.get(socket) ?? 0) + 1;
    waiting.set(socket, open);
    if (open > limits.pipelined) return void socket.destroy();
    const leaving = new AbortController();
    response.on("close", () => {
      if (waiting.has(socket)) waiting.set(socket, waiting.get(socket)! - 1);
      leaving.abort();
    });
    // A client that is gone needs no answer
    response.on("error", () => {});
    const answered = answerTo(request, rules, leaving.signal, respond, failed);
    answered.then((answer) => send(answer, request, response, { cors, limits, isEnding }));
  });
  // Without a handler, Node closes the connection without a word
  server.on("connect", (_, socket) => {
    const { status, body } = problemOf({ method: "CONNECT", url: "/", headers: {}, rawHeaders: [] }, rules)!;
    socket.on("error", () => {});
    endWith(socket as Socket, status, `${body}`, { allow: "GET, HEAD" });
  });
  server.on("clientError", (error: Error & { code?: string }, socket) => {
    const connection = socket as Socket;
    connection.on("error", () => {});
    // Nothing may be written into an answer that is on its way
    if (!connection.writable || (waiting.get(connection) ?? 0) > 0) return void connection.destroy();
    const [status, sentence] = UNREADABLE[error.code ?? ""] ??
      [400, "Cannot read this request: it is not HTTP/1.1"];
    endWith(connection, status, `${sentence}\n`);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, hostname, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const { port: actual } = server.address() as AddressInfo;
  rules = { limits, hosts: allowedHosts(hostname, actual), cors };
  return {
    url: `http://${hostInUrl(hostname)}:${actual}/`,
    port: actual,
    end: async (most) => {
      isEnding = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // Node keeps connections that have not asked anything yet, as browsers open them
      const looks = setInterval(() => {
        for (const [socket, count] of waiting) if (count === 0) socket.destroySoon();
      }, LOOK_AT_END);
      const timer = setTimeout(() => server.closeAllConnections(), most);
      await closed;
      clearInterval(looks);
      clearTimeout(timer);
    },
  };
}

/** Requests that cannot be read, by the codes of Node. */
const UNREADABLE: Readonly<Record<string, readonly [status: number, sentence: string]>> = {
  HPE_HEADER_OVERFLOW: [431, "Cannot read this request: its headers are too large"],
  ERR_HTTP_REQUEST_TIMEOUT: [408, "Cannot wait for this request: it takes too long to arrive"],
};

/** Ends a connection with an answer that belongs to no request. */
function endWith(
  socket: Socket,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const all = {
    ...commonHeaders(undefined),
    "content-type": "text/plain; charset=utf-8",
    "content-length": `${new TextEncoder().encode(body).length}`,
    ...headers,
    connection: "close",
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`).join("");
  socket.end(`HTTP/1.1 ${status} Refused\r\n${lines}\r\n${body}`);
}

async function answerTo(
  request: IncomingMessage,
  rules: RequestRules,
  signal: AbortSignal,
  respond: (asked: Asked) => Answer | Promise<Answer>,
  failed: (error: unknown) => Answer,
): Promise<Answer> {
  const problem = problemOf(request, rules);
  if (problem) return problem;
  const { path, query } = targetOf(request.url!)!;
  try {
    return await respond({
      path,
      query,
      isHead: request.method === "HEAD",
      signal,
      header: (name) => {
        const value = request.headers[name];
        return typeof value === "string" ? value : value?.join(", ");
      },
    });
  } catch (error) {
    return failed(error);
  }
}

/** What sending needs to know of the server. */
interface Sending {
  readonly cors: string | undefined;
  readonly limits: HttpLimits;
  readonly isEnding: boolean;
}

function send(
  { status, headers, body }: Answer,
  request: IncomingMessage,
  response: ServerResponse,
  { cors, limits, isEnding }: Sending,
): void {
  const { socket } = request;
  if (socket.destroyed) return;
  // What a refused request has besides its headers is not read
  const isLast = isEnding || hasBody(request);
  response.writeHead(status, {
    ...commonHeaders(cors),
    ...headers,
    ...isLast ? { connection: "close" } : {},
    ...body instanceof ReadableStream || body === undefined
      ? {}
      : { "content-length": Buffer.byteLength(body) },
  });
  if (isLast) response.on("finish", () => socket.destroySoon());
  if (body instanceof ReadableStream && request.method !== "HEAD") {
    // What is said later must not keep a page waiting for the headers
    response.flushHeaders();
    // A page that is closed ends it
    pipeline(Readable.fromWeb(body), response).catch(() => {});
    return;
  }
  const timer = setTimeout(() => socket.destroy(), limits.receipt);
  response.on("close", () => clearTimeout(timer));
  if (body instanceof ReadableStream) body.cancel();
  response.end(body instanceof ReadableStream || request.method === "HEAD" ? undefined : body);
}

/** Whether a request has more than its headers. */
export function hasBody({ headers }: Pick<IncomingMessage, "headers">): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) !== 0;
}
