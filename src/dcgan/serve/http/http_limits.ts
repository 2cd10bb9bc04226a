/** What a server takes from clients at most. */
export interface HttpLimits {
  /** Connections at once; those beyond are closed as they come. */
  readonly connections: number;
  /** Requests of one connection that wait for their answers; a connection with more is closed. */
  readonly pipelined: number;
  /** Characters of a request's target: its path and its query. */
  readonly target: number;
  /** Bytes of the names and values of a request's headers, with its target. */
  readonly headerBytes: number;
  /** Lines of a request's header. */
  readonly headerLines: number;
  /** Milliseconds that a request may take to arrive. */
  readonly arrival: number;
  /** Milliseconds that a client may take to receive an answer of known length. */
  readonly receipt: number;
  /** Milliseconds that a connection stays open without a request. */
  readonly idle: number;
}

/** Far above what browsers and programs need, and far below what would hurt. */
export const HTTP_LIMITS: HttpLimits = {
  connections: 256,
  pipelined: 16,
  target: 2048,
  headerBytes: 16384,
  headerLines: 100,
  arrival: 10_000,
  receipt: 60_000,
  idle: 5000,
};
