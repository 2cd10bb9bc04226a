import { connect } from "node:net";

/** How {@linkcode rawRequest} sends. */
export interface RawRequestOptions {
  /** Milliseconds after which the connection is closed from here. */
  readonly wait?: number;
  /** Whether nothing more is sent after the text: half of the connection is closed. */
  readonly half?: boolean;
}

/** Sends text as it stands, and gives all that comes back until the connection is closed. */
export function rawRequest(
  url: string,
  text: string | Uint8Array,
  { wait = 10_000, half = false }: RawRequestOptions = {},
): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    let answer = "";
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true }, () => {
      socket.write(text);
      if (half) socket.end();
    });
    const timer = setTimeout(() => socket.destroy(), wait);
    socket.setEncoding("latin1")
      .on("data", (data) => answer += data)
      .on("end", () => socket.end())
      // A connection that is cut off is one of the answers
      .on("error", () => {})
      .on("close", () => {
        clearTimeout(timer);
        resolve(answer);
      });
  });
}

/** The status codes of all answers in a text. */
export function statusesOf(text: string): number[] {
  return [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}

/** A request of HTTP/1.1 whose connection ends with it. */
export function getText(url: string, target: string, more = ""): string {
  return `GET ${target} HTTP/1.1\r\nHost: ${new URL(url).host}\r\n${more}Connection: close\r\n\r\n`;
}
