/** What a server of this module is asked, once the request itself is known to be sound. */
export interface Asked {
  /** Path of the request, as it was sent: nothing is decoded. */
  readonly path: string;
  /** What follows the question mark; empty if nothing does. */
  readonly query: string;
  /** A header, by its name in small letters. */
  header(name: string): string | undefined;
  /** Whether only the headers of the answer are wanted. */
  readonly isHead: boolean;
  /** Aborts once nobody waits for the answer anymore. */
  readonly signal: AbortSignal;
}

/** An answer. Headers that all answers have are added to it. */
export interface Answer {
  /** Status code of HTTP. */
  readonly status: number;
  /** Headers, by their names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  /** What is sent; nothing if it is missing. */
  readonly body?: string | Uint8Array | ReadableStream<Uint8Array>;
}

/** An answer with a body. It is kept by nobody, unless a header says so. */
export function answer(
  status: number,
  body: string | Uint8Array | ReadableStream<Uint8Array>,
  type = "text/plain; charset=utf-8",
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return { status, headers: { "content-type": type, ...headers }, body };
}

/** An answer that says in one sentence why there is no other. */
export function refusal(
  status: number,
  sentence: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return answer(status, `${sentence}\n`, undefined, headers);
}
