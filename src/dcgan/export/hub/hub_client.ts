/**
 * The part of Hugging Face's HTTP interface that an upload needs (huggingface.co/docs/hub/api), with valibot for what
 * comes back.
 *
 * @module
 */
import * as v from "valibot";

/** Which repository of models, on which server, as whom. */
export interface HubPlace {
  /** Its origin, such as `https://huggingface.co`. */
  readonly server: string;
  /** `user/model`. */
  readonly repo: string;
  /** Never told to anybody but the server. */
  readonly token: string;
  readonly signal?: AbortSignal | undefined;
}

/** An upload that the server refused, or that did not reach it. */
export class HubError extends Error {
  /** Class name, for logs. */
  override readonly name = "HubError";
  /** The HTTP status; undefined if there was no answer. */
  readonly status: number | undefined;

  /** Says what cannot be done, and why. */
  constructor(message: string, status: number | undefined, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** Characters of what a server says of an error that are told. */
const MOST_TOLD = 300;

/** What a status means for the user. */
const ADVICE: Readonly<Record<number, string>> = {
  401: "Check the token: it must be one of the server's, and not have ended",
  403: "Check that the token may write, and the repository is yours",
  404: "Check the name, and that the token may read it",
};

/** What a request is besides its URL. */
export interface HubRequest {
  readonly method?: "GET" | "POST" | "PUT";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  /** A status that is no failure. */
  readonly accepts?: number;
}

/**
 * Asks the server itself, as the user.
 *
 * @param path After the server's origin.
 */
export function askHub(place: HubPlace, path: string, request: HubRequest): Promise<Response> {
  const headers = { ...request.headers, Authorization: `Bearer ${place.token}` };
  return sendTo(place, `${place.server}${path}`, { ...request, headers });
}

/** Asks a server that need not be the hub: the user's token is not sent. */
export async function sendTo(
  { repo, token, signal }: HubPlace,
  url: string,
  { method = "GET", headers = {}, body, accepts }: HubRequest,
): Promise<Response> {
  // Signatures of uploads are in the rest of their URLs
  const { host, pathname } = new URL(url);
  let response: Response;
  try {
    response = await fetch(url, {
      method,
      headers: { ...headers },
      ...(body === undefined ? {} : { body }),
      ...(signal ? { signal } : {}),
    });
  } catch (cause) {
    signal?.throwIfAborted();
    throw new HubError(`Cannot upload to hf:${repo}: no answer from ${host}. Try again`, undefined, {
      cause,
    });
  }
  const { status } = response;
  if (response.ok || status === accepts) return response;
  const told = reasonOf(await response.text()).replaceAll(token, "(the token)");
  const advice = ADVICE[status] ?? (status >= 500 ? "Try again later" : "");
  throw new HubError(
    `Cannot upload to hf:${repo}: ${host} answered ${status} to ${method} ${pathname}${told && `: ${told}`}${
      advice && `. ${advice}`
    }`,
    status,
  );
}

/** What a server says of an error, in JSON or as text; nothing of a page. */
function reasonOf(text: string): string {
  let told = text;
  try {
    const { error } = v.parse(v.object({ error: v.string() }), JSON.parse(text));
    told = error;
  } catch {
    // It is no JSON, or has no such field
  }
  return told.trimStart().startsWith("<") ? "" : told.trim().replace(/\s+/g, " ").slice(0, MOST_TOLD);
}

/** The JSON of an answer, as far as it is used. */
export async function answerOf<T>(
  { repo }: HubPlace,
  response: Response,
  schema: v.GenericSchema<unknown, T>,
): Promise<T> {
  const text = await response.text();
  try {
    return v.parse(schema, JSON.parse(text));
  } catch (cause) {
    const { host, pathname } = new URL(response.url);
    throw new HubError(
      `Cannot upload to hf:${repo}: the answer of ${host} to ${pathname} cannot be understood`,
      response.status,
      { cause },
    );
  }
}
