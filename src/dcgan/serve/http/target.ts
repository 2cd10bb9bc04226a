/** Where a request goes. */
export interface Target {
  /** The host, if the target names one. */
  readonly host: string | undefined;
  /** The path, as it was sent. */
  readonly path: string;
  /** What follows the question mark. */
  readonly query: string;
}

/** A path with a query, or that of another server, as proxies are asked (RFC 9112, 3.2). */
const FORM = /^(?:https?:\/\/([^/?#\\]+))?(\/[^?#]*)?(?:\?([^#]*))?$/i;

/** Reads the target of a request; undefined if it is none that a resource could have. */
export function targetOf(text: string): Target | undefined {
  const [, host, path, query = ""] = FORM.exec(text) ?? [];
  if (host === undefined && path === undefined) return undefined;
  return { host, path: path ?? "/", query };
}
