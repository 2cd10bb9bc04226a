import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { connect } from "node:net";
import { answer, type Asked, refusal } from "../../../../src/dcgan/serve/http/answer.ts";
import type { HttpLimits } from "../../../../src/dcgan/serve/http/http_limits.ts";
import { type HttpServer, startHttpServer } from "../../../../src/dcgan/serve/http/http_server.ts";
import { getText, rawRequest, statusesOf } from "../raw_request.ts";

/** Calls `body` with a server that answers its paths. */
async function withServer(
  body: (url: string, server: HttpServer, asked: Asked[]) => Promise<void>,
  { limits, cors }: { limits?: Partial<HttpLimits>; cors?: string } = {},
): Promise<void> {
  const asked: Asked[] = [];
  const respond = async (one: Asked) => {
    asked.push(one);
    if (one.path === "/slow") await new Promise((resolve) => setTimeout(resolve, 300));
    if (one.path === "/fails") throw new Error("secret");
    return answer(200, one.path === "/large" ? new Uint8Array(2 ** 26) : `${one.path} ${one.query}`);
  };
  const failed = () => refusal(500, "It failed");
  const server = await startHttpServer({ hostname: "127.0.0.1", port: 0, failed, limits, cors }, respond);
  try {
    await body(server.url, server, asked);
  } finally {
    await server.end(1000);
  }
}

Deno.test("startHttpServer() answers GET and HEAD, and says what it does not answer", async () => {
  await withServer(async (url) => {
    const get = await fetch(`${url}a%20b?c=d`);
    assertEquals([get.status, await get.text()], [200, "/a%20b c=d"]);
    assertEquals(get.headers.get("x-content-type-options"), "nosniff");
    assertEquals(get.headers.get("cache-control"), "no-store");
    assertEquals(get.headers.get("access-control-allow-origin"), null);
    const head = await fetch(`${url}a`, { method: "HEAD" });
    assertEquals([head.status, head.headers.get("content-length"), await head.text()], [200, "3", ""]);
    for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"]) {
      const response = await fetch(`${url}a`, { method });
      assertEquals([method, response.status, response.headers.get("allow")], [method, 405, "GET, HEAD"]);
      assertMatch(await response.text(), /^Cannot answer \w+: only GET and HEAD are served\n$/);
    }
    const failed = await fetch(`${url}fails`);
    assertEquals([failed.status, await failed.text()], [500, "It failed\n"]);
  });
});

Deno.test("startHttpServer() refuses requests that are none of this server", async () => {
  await withServer(async (url, _, asked) => {
    const { host } = new URL(url);
    const lines: Readonly<Record<string, number>> = {
      [`GET /a HTTP/1.1\r\nHost: ${host}\r\nConnection: close`]: 200,
      [`GET http://${host}/a?b HTTP/1.1\r\nHost: ${host}\r\nConnection: close`]: 200,
      [`GET /a HTTP/1.0\r\nHost: ${host}`]: 200,
      "GET /a HTTP/1.0": 403,
      "GET /a HTTP/1.1\r\nConnection: close": 403,
      "GET /a HTTP/1.1\r\nHost: elsewhere.example\r\nConnection: close": 403,
      [`GET http://elsewhere.example/a HTTP/1.1\r\nHost: ${host}\r\nConnection: close`]: 403,
      [`GET http://${host}/a HTTP/1.1\r\nHost: elsewhere.example\r\nConnection: close`]: 403,
      [`GET /a HTTP/1.1\r\nHost: ${host}\r\nHost: ${host}\r\nConnection: close`]: 400,
      [`GET /${"x".repeat(3000)} HTTP/1.1\r\nHost: ${host}\r\nConnection: close`]: 414,
      [`GET /a HTTP/1.1\r\nHost: ${host}\r\n${"a: b\r\n".repeat(200)}Connection: close`]: 431,
      [`GET /a HTTP/1.1\r\nHost: ${host}\r\nA: ${"x".repeat(30000)}`]: 431,
      [`CONNECT ${host} HTTP/1.1\r\nHost: ${host}`]: 405,
      [`TRACE / HTTP/1.1\r\nHost: ${host}\r\nConnection: close`]: 405,
      [`BREW / HTTP/1.1\r\nHost: ${host}`]: 400,
      [`GET nowhere HTTP/1.1\r\nHost: ${host}\r\nConnection: close`]: 400,
      [`GET file:///etc/passwd HTTP/1.1\r\nHost: ${host}\r\nConnection: close`]: 400,
      "\0\x01\x02 rubbish": 400,
      "PRI * HTTP/2.0\r\n\r\nSM": 400,
      [`GET /a HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: chunked\r\nContent-Length: 4`]: 400,
    };
    for (const [text, status] of Object.entries(lines)) {
      const found = await rawRequest(url, `${text}\r\n\r\n`);
      assertEquals(
        [text.slice(0, 60), ...statusesOf(found)],
        [text.slice(0, 60), status],
        found.slice(0, 300),
      );
      const [, body = ""] = found.split("\r\n\r\n");
      if (status !== 200) assertMatch(body, /^Cannot [^\n]+\n$/);
    }
    assertEquals(asked.map(({ path, query }) => path + query), ["/a", "/ab", "/a"]);
  });
});

Deno.test("startHttpServer() closes the connection of a request with a body, which it does not read", async () => {
  await withServer(async (url) => {
    const { host } = new URL(url);
    for (const [method, status] of [["GET", 200], ["POST", 405]] as const) {
      const text = `${method} /a HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 1000000\r\n\r\nmore`;
      const began = performance.now();
      assertEquals(statusesOf(await rawRequest(url, text)), [status]);
      assert(performance.now() - began < 3000, "it waits for the body");
    }
  });
});

Deno.test("startHttpServer() lets pages of an origin ask where that is wanted", async () => {
  const cors = "https://example.com";
  await withServer(async (url) => {
    const get = await fetch(`${url}a`);
    await get.body?.cancel();
    assertEquals(get.headers.get("access-control-allow-origin"), cors);
    assertEquals(get.headers.get("vary"), "Origin");
    assertEquals(get.headers.get("cross-origin-resource-policy"), "cross-origin");
    const asks = await fetch(`${url}a`, { method: "OPTIONS" });
    assertEquals([asks.status, asks.headers.get("access-control-allow-methods")], [204, "GET, HEAD"]);
  }, { cors });
});

Deno.test("startHttpServer() ends requests that take too long to arrive, and connections without any", async () => {
  await withServer(async (url) => {
    const began = performance.now();
    const slow = rawRequest(url, `GET /a HTTP/1.1\r\nHost: ${new URL(url).host}\r\n`);
    const idle = rawRequest(url, "");
    const drip = new Promise<string>((resolve) => {
      const socket = connect(Number(new URL(url).port), "127.0.0.1");
      const timer = setInterval(() => socket.write("x"), 50);
      let answer = "";
      socket.on("data", (data) => answer += data).on("error", () => {}).on("close", () => {
        clearInterval(timer);
        resolve(answer);
      });
      socket.write("GET /");
    });
    assertEquals(statusesOf(await slow), [408]);
    assertEquals(statusesOf(await drip), [408]);
    await idle;
    assert(performance.now() - began < 8000, "a connection stays open");
  }, { limits: { arrival: 500, idle: 300 } });
});

Deno.test("startHttpServer() cuts off clients that do not take their answer", async () => {
  await withServer(async (url, _, asked) => {
    const stuck = connect(Number(new URL(url).port), "127.0.0.1");
    stuck.on("error", () => {}).pause();
    stuck.write(getText(url, "/large"));
    while (asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    const { signal } = asked[0]!;
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    stuck.destroy();
  }, { limits: { receipt: 500 } });
});

Deno.test("startHttpServer() cuts off connections with too many requests", async () => {
  await withServer(async (url, _, asked) => {
    const { host } = new URL(url);
    const many = `GET /slow HTTP/1.1\r\nHost: ${host}\r\n\r\n`.repeat(50);
    assertEquals(statusesOf(await rawRequest(url, many)), []);
    assert(asked.length <= 4, `${asked.length} were asked`);
    const three = await rawRequest(url, many.slice(0, many.length / 50 * 3), { wait: 1500 });
    assertEquals(statusesOf(three), [200, 200, 200]);
  }, { limits: { pipelined: 4 } });
});

Deno.test("startHttpServer() closes connections that are too many", async () => {
  await withServer(async (url) => {
    const open = Array.from({ length: 5 }, () => rawRequest(url, getText(url, "/slow")));
    const answers = (await Promise.all(open)).map((text) => statusesOf(text).length);
    assertEquals(answers.reduce((sum, one) => sum + one), 3);
  }, { limits: { connections: 3 } });
});

Deno.test("startHttpServer() ends with what it answers, and cuts off the rest", async () => {
  await withServer(async (url, server) => {
    const kept = await fetch(`${url}a`);
    await kept.text();
    const answered = fetch(`${url}slow`).then((response) => response.text());
    const left = ["GET / HT", ""].map((text) => rawRequest(url, text));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const began = performance.now();
    const ended = server.end(5000);
    assertEquals(await answered, "/slow ");
    await ended;
    assert(performance.now() - began < 3000, "it waits for connections that ask nothing");
    await Promise.all(left);
    await assertRejects(() => fetch(url));
  });
});

Deno.test("startHttpServer() does not end later because of a client that takes nothing", async () => {
  await withServer(async (url, server, asked) => {
    const stuck = rawRequest(url, getText(url, "/slow"), { wait: 20_000 });
    while (asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    const began = performance.now();
    await server.end(50);
    assert(performance.now() - began < 3000, "it does not end");
    assertEquals(statusesOf(await stuck), []);
  });
});

Deno.test("startHttpServer() says that a port is taken", async () => {
  await withServer(async (_, { port }) => {
    const options = { hostname: "127.0.0.1", port, failed: () => refusal(500, "") };
    await assertRejects(() => startHttpServer(options, () => refusal(404, "")), Error);
  });
});
