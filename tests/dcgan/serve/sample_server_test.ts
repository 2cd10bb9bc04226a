import { assert, assertEquals, assertMatch } from "@std/assert";
import v8 from "node:v8";
import vm from "node:vm";
import type { DrawingJob, JobResult } from "../../../src/dcgan/serve/drawing/drawing_job.ts";
import { MOST_HELD } from "../../../src/dcgan/serve/held_answers.ts";
import { type SampleServerOptions, startSampleServer } from "../../../src/dcgan/serve/sample_server.ts";
import { attack } from "./attack.ts";
import { someServed } from "./queries/some_served.ts";
import { getText, rawRequest } from "./raw_request.ts";

type Draw = (jobs: readonly DrawingJob[]) => Promise<readonly JobResult[]>;

/** Draws nothing, and says so at once. */
const drawNothing: Draw = (jobs) =>
  Promise.resolve(jobs.map(({ count }) => ({ file: new Uint8Array(count * 1000) })));

/** Calls `body` with a server whose pictures are made up. */
async function withServer(
  draw: Draw,
  body: (url: string) => Promise<void>,
  options: Partial<SampleServerOptions> = {},
): Promise<void> {
  await using server = await startSampleServer({
    served: someServed(),
    generatorFile: Uint8Array.of(1, 2, 3),
    page: undefined,
    hostname: "127.0.0.1",
    port: 0,
    cors: undefined,
    queue: { batch: 64, most: 1024, patience: 30_000 },
    ending: 5000,
    ...options,
  }, draw);
  await body(server.url);
}

/** Bytes that JavaScript holds on to. */
function retained(): number {
  v8.setFlagsFromString("--expose-gc");
  const collect = vm.runInNewContext("gc");
  for (let time = 0; time < 3; time++) collect();
  const { heapUsed, external } = Deno.memoryUsage();
  return heapUsed + external;
}

Deno.test("startSampleServer() retains nothing of hostile requests", async () => {
  await withServer(drawNothing, async (url) => {
    const sizes: number[] = [];
    for (let round = 0; round < 6; round++) {
      await attack(url);
      // What is closed is gone in the next turns
      await new Promise((resolve) => setTimeout(resolve, 50));
      sizes.push(retained());
    }
    const grown = sizes.at(-1)! - sizes[2]!;
    assert(grown < 2 ** 20, `${grown} bytes in 3 rounds: ${sizes.join()}`);
  });
});

Deno.test("startSampleServer() has the studio at / where it was built", async () => {
  await withServer(drawNothing, async (url) => {
    const response = await fetch(url);
    assertEquals(await response.text(), "<p>the studio</p>");
    assertEquals(response.headers.get("content-security-policy"), "frame-ancestors 'none'");
    const again = await fetch(url, { headers: { "if-none-match": response.headers.get("etag")! } });
    assertEquals([again.status, await again.text()], [304, ""]);
  }, { page: "<p>the studio</p>" });
});

Deno.test("startSampleServer() answers /health while nothing is drawn, and says that it is stuck", async () => {
  const drawn = Promise.withResolvers<void>();
  await withServer(async (jobs) => {
    await drawn.promise;
    return await drawNothing(jobs);
  }, async (url) => {
    const asked = fetch(`${url}sample?count=4`);
    const waits = fetch(`${url}sample?count=5`);
    let queue: unknown;
    do queue = (await (await fetch(`${url}health`)).json()).queue; while (
      !JSON.stringify(queue).includes("true")
    );
    const late = await fetch(`${url}sample?count=3`);
    assertEquals([late.status, await late.text()], [
      503,
      "Cannot draw this now: it was not drawn in 0.4 seconds. Try again\n",
    ]);
    const health = await fetch(`${url}health`);
    assertEquals([health.status, (await health.json()).ready], [503, false]);
    drawn.resolve();
    for (const one of [asked, waits]) await (await one).body?.cancel();
  }, { queue: { batch: 64, most: 1024, patience: 400 } });
});

Deno.test("startSampleServer() refuses more answers than memory may hold", async () => {
  let drawn = 0;
  const arrived = new Promise((resolve) => setTimeout(resolve, 500));
  await withServer(async (jobs) => {
    await arrived;
    drawn += jobs.length;
    return await drawNothing(jobs);
  }, async (url) => {
    // Clients that take nothing: each answer counts as what it may take at most
    const query = "/sample?count=255&scale=14&seed=";
    const each = 4 * (16 * (16 * 14 + 2) + 2) ** 2;
    const most = Math.floor(MOST_HELD / each);
    const asked = await Promise.all(
      Array.from(
        { length: most + 3 },
        (_, seed) => rawRequest(url, getText(url, query + seed), { wait: 3000 }),
      ),
    );
    const refused = asked.filter((text) => text.startsWith("HTTP/1.1 503"));
    assertEquals([refused.length, drawn], [3, most]);
    assertMatch(refused[0]!, /Cannot draw this now: too many answers are on their way\. Try again\n$/);
    const response = await fetch(`${url}sample?count=1`);
    assertEquals(response.status, 200);
    await response.body?.cancel();
  }, { queue: { batch: 64, most: 65536, patience: 30_000 } });
});

Deno.test("startSampleServer() ends although something is drawn that never comes to an end", async () => {
  const began = performance.now();
  const never = new Promise<never>(() => {});
  let asked: Promise<string> | undefined;
  await withServer(() => never, async (url) => {
    asked = rawRequest(url, getText(url, "/sample"));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }, { ending: 300 });
  assert(performance.now() - began < 5000);
  assertEquals(await asked, "");
});
