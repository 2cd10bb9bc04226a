/** What the page sends: a call, and the number that its answer has. */
export interface CallMessage {
  readonly id: number;
  readonly name: string;
  readonly given: unknown;
}

/** What is left of an error on its way from the worker to the page. */
export interface SentError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string | undefined;
}

/** What the worker sends: the answer to a call, or something that it tells by itself. */
export type WorkerMessage =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: SentError }
  | { readonly event: string; readonly value: unknown };
