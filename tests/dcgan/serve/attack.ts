import { assert, assertEquals, assertMatch } from "@std/assert";
import { connect, type Socket } from "node:net";
import { hostileRequests } from "./hostile_requests.ts";
import { rawRequest, statusesOf } from "./raw_request.ts";

/** Connections that send a letter of a header now and then, as many as would hold a server with a few threads. */
export function slowClients(url: string, count: number): Disposable {
  const sockets = Array.from({ length: count }, (): Socket => {
    const socket = connect(
      Number(new URL(url).port),
      "127.0.0.1",
      () => socket.write("GET /health HTTP/1.1\r\nX: "),
    );
    return socket.on("error", () => {});
  });
  const timer = setInterval(() => {
    for (const socket of sockets) if (socket.writable) socket.write("x");
  }, 100);
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer);
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Everything hostile once. */
export async function attack(url: string): Promise<void> {
  const { host } = new URL(url);
  for (const { text, allowed } of hostileRequests(host)) {
    const answer = await rawRequest(url, Uint8Array.from(text, (sign) => sign.charCodeAt(0)), { wait: 5000 });
    const [status] = statusesOf(answer);
    const what = `${JSON.stringify(text.slice(0, 120))}: ${answer.slice(0, 200)}`;
    if (allowed.length > 0) assert(status !== undefined && allowed.includes(status), what);
    assertEquals(
      /root:|"latent|Error:|file:\/\//.test(answer.replace(/^[\s\S]*?\r\n\r\n/, "")) && status !== 200,
      false,
      what,
    );
    if (status !== undefined && status >= 400 && allowed.length > 0) {
      assertMatch(
        answer.split("\r\n\r\n")[1] ?? "",
        /^Cannot [^\n]+\n$|^There is nothing here: [^\n]+\n$/,
        what,
      );
    }
  }
  // Half-closed: the request is whole, and nobody listens to the end of it
  await Promise.all(
    Array.from(
      { length: 20 },
      (_, seed) =>
        rawRequest(url, `GET /sample?seed=${seed} HTTP/1.1\r\nHost: ${host}\r\n\r\n`, {
          half: true,
          wait: 3000,
        }),
    ),
  );
  // Gone before there is an answer, or in the middle of it
  await Promise.all(
    Array.from(
      { length: 50 },
      (_, seed) =>
        rawRequest(url, `GET /sample?seed=${seed}&count=64 HTTP/1.1\r\nHost: ${host}\r\n\r\n`, {
          wait: 5 * (seed % 10),
        }),
    ),
  );
}
