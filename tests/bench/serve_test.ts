import "../../src/host/on_native.ts";
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { benchServe, formatServeBench } from "../../bench/serve/bench_serve.ts";
import { measureLoad, quantile } from "../../bench/serve/load.ts";

Deno.test("quantile() gives what a share of the numbers does not exceed", () => {
  const numbers = Array.from({ length: 100 }, (_, at) => at + 1);
  assertEquals([0.5, 0.99, 1, 0].map((share) => quantile(numbers, share)), [50, 99, 100, 1]);
  assertEquals(quantile([7], 0.99), 7);
});

Deno.test("measureLoad() refuses answers that are none", async () => {
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => new Response("", { status: 503 }),
  );
  const load = { clients: 2, duration: 50, path: () => "a" };
  await assertRejects(
    () => measureLoad(`http://127.0.0.1:${server.addr.port}/`, load),
    Error,
    "a: status 503",
  );
});

Deno.test("benchServe() measures each request with each number of clients, and both threads", async () => {
  const found = await benchServe({ workloads: ["S"], clients: [1, 4], seconds: 0.2 }, () => {});
  assertEquals(found.rows.map(({ clients }) => clients), [1, 4, 1, 4, 1, 4, 1, 4]);
  assertEquals(found.threads.map(({ thread }) => thread), ["own", "shared"]);
  for (const { rate, p50, p99 } of [...found.rows, ...found.threads]) {
    assert(rate > 0 && p50 > 0 && p99 >= p50);
  }
  assertMatch(formatServeBench(found), /^generator +request[^]+S +1 image +4 [^]+S +shared/);
});
