import type { IncomingMessage } from "node:http";
import { type Answer, refusal } from "./answer.ts";
import type { HttpLimits } from "./http_limits.ts";
import { targetOf } from "./target.ts";

/** What a request must be to be answered at all. */
export interface RequestRules {
  readonly limits: HttpLimits;
  /** What the header `Host` may be; anything if that is not given. */
  readonly hosts: ReadonlySet<string> | undefined;
  /** Origin whose pages may ask. */
  readonly cors: string | undefined;
}

/** Methods that are served. */
const METHODS = ["GET", "HEAD"];

/** What pages of other origins may do. */
const PREFLIGHT = {
  "access-control-allow-methods": METHODS.join(", "),
  "access-control-allow-headers": "If-None-Match",
  "access-control-max-age": "600",
};

/** The answer to a request that is none for this server; undefined if it is one. */
export function problemOf(
  request: Pick<IncomingMessage, "method" | "url" | "headers" | "rawHeaders">,
  { limits, hosts, cors }: RequestRules,
): Answer | undefined {
  const { method = "", url = "", headers, rawHeaders } = request;
  const allow = cors === undefined ? METHODS : [...METHODS, "OPTIONS"];
  if (!METHODS.includes(method) && !(method === "OPTIONS" && cors !== undefined)) {
    return refusal(405, `Cannot answer ${method}: only GET and HEAD are served`, { allow: allow.join(", ") });
  }
  if (url.length > limits.target) {
    return refusal(
      414,
      `Cannot answer this request: its path and query must have at most ${limits.target} characters, ` +
        `found ${url.length}`,
    );
  }
  if (rawHeaders.length / 2 > limits.headerLines) {
    return refusal(
      431,
      `Cannot answer this request: it must have at most ${limits.headerLines} headers, found ${
        rawHeaders.length / 2
      }`,
    );
  }
  const target = targetOf(url);
  if (!target) return refusal(400, "Cannot answer this request: its target must be a path, such as /sample");
  const named = rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === "host");
  if (named.length > 1) return refusal(400, "Cannot answer this request: it must have one Host header");
  // The host of the target is the one that counts (RFC 9112, 3.2.2); a page of others could send neither
  const host = (target.host ?? headers.host ?? "").toLowerCase();
  if (hosts && !(hosts.has(host) && (headers.host === undefined || hosts.has(headers.host.toLowerCase())))) {
    return refusal(
      403,
      `Cannot answer this request: its host must be ${
        [...hosts].join(" or ")
      }, as this server is for this machine only`,
    );
  }
  if (method === "OPTIONS") return { status: 204, headers: PREFLIGHT };
  return undefined;
}
