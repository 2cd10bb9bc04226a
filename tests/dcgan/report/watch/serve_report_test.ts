import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { connect } from "node:net";
import { serveReport } from "../../../../src/dcgan/report/watch/serve_report.ts";
import { withFolder } from "../../tiny.ts";
import { gridName, linesOf, makeRun } from "../run_folders.ts";

/** Calls `body` with a server of a made run. */
async function withServed(body: (url: string, run: string) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    await makeRun(`${folder}/run`, { grids: [1], real: true });
    await using server = await serveReport();
    server.show(`${folder}/run/`);
    await body(server.url, `${folder}/run`);
  });
}

/** The first line of an answer to a request as it stands. */
function ask(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.once("data", (data) => {
      resolve(`${data}`.split("\r\n")[0]!);
      socket.destroy();
    }).once("error", reject);
  });
}

Deno.test("serveReport() serves the page and the pictures, and nothing else of the folder", async () => {
  await withServed(async (url, run) => {
    const get = async (path: string) => {
      const response = await fetch(url + path);
      return { status: response.status, body: await response.text() };
    };
    assertMatch((await get("")).body, /<html lang="en" data-live>/);
    for (const name of ["real.png", gridName(1)]) {
      assertEquals((await get(`${name}?1`)).body, await Deno.readTextFile(`${run}/${name}`));
    }
    for (
      const path of ["config.json", "metrics.jsonl", "samples/", gridName(2), "samples/..%2fconfig.json"]
    ) {
      assertEquals([path, (await get(path)).status], [path, 404]);
    }
    const raw = await ask(url, `GET /samples/../config.json HTTP/1.1\r\nHost: ${new URL(url).host}\r\n\r\n`);
    assertMatch(raw, / 404 /);
    assertEquals(
      (await fetch(url, { method: "POST" }).then(async (one) => [one.status, await one.text()]))[0],
      405,
    );
  });
});

Deno.test("serveReport() refuses hosts that are not this machine", async () => {
  await withServed(async (url) => {
    const { host, port } = new URL(url);
    const hosts = [
      host,
      `localhost:${port}`,
      "elsewhere.example",
      `elsewhere.example:${port}`,
      `127.0.0.1.example:${port}`,
      "",
    ];
    const found: string[] = [];
    for (const one of hosts) {
      found.push((await ask(url, `GET / HTTP/1.1\r\nHost: ${one}\r\n\r\n`)).split(" ")[1]!);
    }
    assertEquals(found, ["200", "200", "403", "403", "403", "403"]);
    assertMatch(await ask(url, "GET /events HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n"), / 403 /);
  });
});

Deno.test("serveReport() sends what is new, and says that the run has stopped", async () => {
  await withFolder(async (folder) => {
    await makeRun(`${folder}/run`, { steps: 3 });
    const server = await serveReport();
    assertMatch(await (await fetch(server.url)).text(), /has not begun/);
    const response = await fetch(`${server.url}events`);
    assertEquals(response.headers.get("content-type"), "text/event-stream");
    const seen: [string, number | undefined][] = [];
    let rest = "";
    const reading = (async () => {
      for await (const text of response.body!.pipeThrough(new TextDecoderStream())) {
        const events = (rest + text).split("\n\n");
        rest = events.pop()!;
        for (const event of events) {
          const [, type, data] = /^event: (\w+)\ndata: (.*)$/.exec(event)!;
          seen.push([type!, data === "" ? undefined : JSON.parse(data!).step]);
        }
      }
    })();
    const until = async (count: number) => {
      while (seen.length < count) await new Promise((resolve) => setTimeout(resolve, 20));
    };
    server.show(`${folder}/run`);
    await until(1);
    await Deno.writeTextFile(`${folder}/run/metrics.jsonl`, linesOf(4, 5), { append: true });
    await until(2);
    await Deno.writeTextFile(`${folder}/run/metrics.jsonl`, linesOf(6, 6), { append: true });
    await server[Symbol.asyncDispose]();
    await reading;
    assertEquals(seen, [["report", 3], ["report", 5], ["end", 6]]);
    await fetch(server.url).then(() => assert(false, "it still listens"), () => {});
  });
});

Deno.test("serveReport() goes on while the run cannot be read, and ends with pages that take nothing", async () => {
  await withServed(async (url, run) => {
    const config = await Deno.readTextFile(`${run}/config.json`);
    await Deno.writeTextFile(`${run}/config.json`, "{");
    const broken = await fetch(url);
    assertEquals([broken.status, await broken.text()], [500, "The run cannot be read just now. Try again\n"]);
    await Deno.writeTextFile(`${run}/config.json`, config);
    assertMatch(await (await fetch(url)).text(), /^<!doctype html>/);
    // Ends with the test, although nobody reads it
    const stuck = connect(Number(new URL(url).port), "127.0.0.1");
    stuck.on("error", () => {}).write(`GET /events HTTP/1.1\r\nHost: ${new URL(url).host}\r\n\r\n`);
    await new Promise((resolve) => stuck.once("data", resolve));
    stuck.pause();
  });
});

Deno.test("serveReport() refuses what is no port, and a port that is taken", async () => {
  await assertRejects(() => serveReport({ port: 70000 }), RangeError, "from 0 to 65535");
  await using server = await serveReport();
  await assertRejects(() => serveReport({ port: Number(new URL(server.url).port) }), Deno.errors.AddrInUse);
});

Deno.test("serveReport() answers while this thread is busy", async () => {
  await withServed(async (url, run) => {
    const answered = `${run}/answered`;
    // Another process asks, as this one cannot
    const code = `await (await fetch("${url}")).text(); Deno.writeTextFileSync("${answered}", "")`;
    const args = ["eval", "--no-config", code];
    const child = new Deno.Command(Deno.execPath(), { args, stdout: "null", stderr: "null" }).spawn();
    const isAnswered = (): boolean => {
      try {
        return Deno.statSync(answered).isFile;
      } catch {
        return false;
      }
    };
    const began = performance.now();
    while (!isAnswered() && performance.now() - began < 60_000);
    assert(isAnswered(), "nothing was answered in a minute");
    await child.status;
  });
});
