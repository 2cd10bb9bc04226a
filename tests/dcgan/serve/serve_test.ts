import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { interpolate } from "../../../src/dcgan/explore/interpolate.ts";
import { sample } from "../../../src/dcgan/sample.ts";
import { loadGenerator } from "../../../src/dcgan/sampling/load_generator.ts";
import { serve } from "../../../src/dcgan/serve/serve.ts";
import type { ServeOptions } from "../../../src/dcgan/serve/serve_options.ts";
import type { TrainOptions } from "../../../src/dcgan/options/options.ts";
import type { Device } from "../../../src/gpu/mod.ts";
import { decodePicture } from "../../../src/pictures/mod.ts";
import { gpuTest } from "../../support/gpu.ts";
import { trainTiny, withFolder } from "../tiny.ts";
import { rawRequest, statusesOf } from "./raw_request.ts";

/** What a test is given. */
interface Served {
  readonly url: string;
  readonly folder: string;
  readonly run: string;
  /** The body of an answer with status 200. */
  get(path: string): Promise<Uint8Array>;
  /** The same bytes as a file that a function writes. */
  file(name: string): Promise<Uint8Array>;
}

/** Calls `body` with a server of a tiny run. */
async function withServed(
  device: Device,
  body: (served: Served) => Promise<void>,
  options: ServeOptions = {},
  training: TrainOptions = {},
): Promise<void> {
  await withFolder(async (folder) => {
    const run = `${folder}/run`;
    await trainTiny(device, { steps: 1, out: run, ...training });
    await using server = await serve(device, run, { port: 0, ...options });
    const { url } = server;
    const get = async (path: string) => {
      const response = await fetch(url + path);
      const bytes = await response.bytes();
      assertEquals([path, response.status], [path, 200], new TextDecoder().decode(bytes.subarray(0, 200)));
      return bytes;
    };
    await body({ url, folder, run, get, file: (name) => Deno.readFile(`${folder}/${name}`) });
  });
}

gpuTest("serve() gives the files of sample() and interpolate(), to the last byte", async (device) => {
  await withServed(device, async ({ folder, run, get, file }) => {
    const out = (name: string) => ({ out: `${folder}/${name}` });
    await sample(device, run, { seed: 7, count: 5, ...out("a.png") });
    assertEquals(await get("sample?seed=7&count=5"), await file("a.png"));
    await sample(device, run, { seeds: [7, "3:66"], scale: 2, truncation: 0.5, ...out("b.png") });
    assertEquals(await get("sample?seeds=7,3:66&scale=2&truncation=0.5"), await file("b.png"));
    await sample(device, run, { seed: 7, count: 70, format: "npy", ...out("c.npy") });
    assertEquals(await get("sample?seed=7&count=70&format=npy"), await file("c.npy"));
    await interpolate(device, run, { seeds: [1, "2:9"], steps: 5, loop: true, ...out("d.png") });
    assertEquals(await get("interpolate?seeds=1,2:9&steps=5&loop=true"), await file("d.png"));
    await interpolate(device, run, { seeds: [1, 2], steps: 4, ...out("e.webp") });
    assertEquals(await get("interpolate?seeds=1,2&steps=4&format=webp"), await file("e.webp"));
    const webp = await decodePicture(await get("sample?count=5&format=webp"));
    assertEquals([webp.width, webp.height], [56, 38]);
  });
});

gpuTest("serve() draws the classes that are asked for, and the weights that are chosen", async (device) => {
  const training = { data: "faces", conditional: "glasses", ema: 0.5, steps: 2 } as const;
  await withServed(
    device,
    async ({ folder, run, get, file }) => {
      await sample(device, run, { classes: ["round"], count: 3, ema: false, out: `${folder}/a.png` });
      assertEquals(await get("sample?class=round&count=3"), await file("a.png"));
      await sample(device, run, { count: 7, ema: false, out: `${folder}/b.png` });
      assertEquals(await get("sample?count=7"), await file("b.png"));
      await interpolate(device, run, { classes: ["2"], ema: false, out: `${folder}/c.png` });
      assertEquals(await get("interpolate?class=2&seeds=1,2,3,4"), await file("c.png"));
      const health = JSON.parse(new TextDecoder().decode(await get("health")));
      assertEquals([health.weights, health.classes], ["raw", ["none", "round", "square"]]);
    },
    { ema: false },
    training,
  );
});

gpuTest(
  "serve() gives the same bytes alone and under 16 clients, which it draws together",
  async (device) => {
    await withServed(device, async ({ get }) => {
      const paths = Array.from({ length: 96 }, (_, at) => {
        if (at % 8 === 7) return `interpolate?seeds=${at},${at + 1}&steps=4`;
        return `sample?seed=${at}&count=${1 + at % 5}${at % 8 === 3 ? "&format=npy" : ""}`;
      });
      const alone: Uint8Array[] = [];
      for (const path of paths) alone.push(await get(path));
      let launches = 0;
      const { read } = device;
      device.read = (...given: Parameters<typeof read>) => {
        launches++;
        return read.apply(device, given);
      };
      try {
        const left = [...paths.entries()];
        const client = async () => {
          for (let one = left.pop(); one; one = left.pop()) {
            const [at, path] = one;
            assertEquals(await get(path), alone[at], path);
          }
        };
        await Promise.all(Array.from({ length: 16 }, client));
      } finally {
        device.read = read;
      }
      assert(launches < paths.length / 2, `${launches} launches for ${paths.length} requests`);
    });
  },
);

gpuTest("serve() sends nothing again that a client has", async (device) => {
  await withServed(device, async ({ url, get }) => {
    for (const path of ["sample?seed=3&count=2", "interpolate?seeds=1,2", "generator.safetensors"]) {
      const first = await fetch(url + path);
      await first.body?.cancel();
      const etag = first.headers.get("etag")!;
      const again = await fetch(url + path, { headers: { "if-none-match": etag } });
      assertEquals([again.status, await again.text(), again.headers.get("etag")], [304, "", etag]);
      assertEquals(again.headers.get("cache-control"), "no-cache");
      const other = await fetch(url + path, { headers: { "if-none-match": '"other"' } });
      assertEquals(other.status, 200);
      await other.body?.cancel();
    }
    assertEquals(await get("sample?seed=3&count=2"), await get("sample?count=2&seed=3&format=png"));
  });
});

gpuTest("serve() says in headers and in /health what it serves", async (device) => {
  await withServed(device, async ({ url, run }) => {
    const response = await fetch(`${url}sample?seed=7&count=5`, { method: "HEAD" });
    const headers = ["content-type", "dcgan-pictures", "dcgan-columns", "dcgan-size", "dcgan-step", "vary"];
    assertEquals(headers.map((name) => response.headers.get(name)), [
      "image/png",
      "5",
      "3",
      "16x16",
      "1",
      "Accept",
    ]);
    assertEquals(response.headers.get("content-disposition"), 'inline; filename="samples-7.png"');
    const health = await fetch(`${url}health`);
    assertEquals(health.headers.get("cache-control"), "no-store");
    const { ready, run: name, step, weights, width, channels, queue, adapter } = await health.json();
    assertEquals([ready, name, step, weights, width, channels], [true, "run", 1, "raw", 16, 3]);
    assertEquals([queue, adapter], [{ waiting: 0, drawing: false, most: 1024 }, device.adapter.name]);
    assertMatch(run, /run$/);
  });
});

gpuTest("serve() gives the generator, which can be loaded", async (device) => {
  const training = { data: "faces", size: "16x32", conditional: "glasses" } as const;
  await withServed(
    device,
    async ({ folder, run, get }) => {
      await Deno.writeFile(`${folder}/served.safetensors`, await get("generator.safetensors"));
      const loaded = await loadGenerator(device, `${folder}/served.safetensors`);
      using _ = loaded.generator;
      assertEquals([loaded.size, loaded.classes], ["16x32", ["none", "round", "square"]]);
      await sample(device, `${folder}/served.safetensors`, { count: 6, mark: false, out: `${folder}/a.png` });
      await sample(device, run, { count: 6, mark: false, out: `${folder}/b.png` });
      assertEquals(await Deno.readFile(`${folder}/a.png`), await Deno.readFile(`${folder}/b.png`));
    },
    {},
    training,
  );
});

gpuTest("serve() has a page at / that shows samples", async (device) => {
  await withServed(device, async ({ url, get }) => {
    const response = await fetch(`${url}?seed=5&count=3`);
    assertMatch(response.headers.get("content-type")!, /^text\/html/);
    assert(response.headers.get("content-security-policy"));
    const html = await response.text();
    // The studio takes its place where it was built
    const source = /<img src="([^"]+)"/.exec(html)?.[1]?.replaceAll("&amp;", "&");
    if (source) assert((await get(source.slice(1))).length > 0);
  });
});

gpuTest("serve() answers 503 with Retry-After where too many wait", async (device) => {
  await withServed(device, async ({ url }) => {
    const asked = Array.from(
      { length: 30 },
      (_, seed) => fetch(`${url}sample?count=64&format=npy&seed=${seed}`),
    );
    const statuses = await Promise.all(asked.map(async (one) => {
      const response = await one;
      const bytes = await response.bytes();
      if (response.status === 503) {
        assertEquals(response.headers.get("retry-after"), "1");
        assertMatch(new TextDecoder().decode(bytes), /^Cannot draw this now: [^\n]+\n$/);
      }
      return response.status;
    }));
    const refused = statuses.filter((status) => status === 503).length;
    assert(refused > 0 && refused < 30, `${refused} were refused`);
    assertEquals(statuses.every((status) => status === 200 || status === 503), true);
  }, { queue: 128, batch: 1 });
});

gpuTest("serve() answers what it draws as it ends, and then nobody", async (device) => {
  await withFolder(async (folder) => {
    await trainTiny(device, { steps: 1, out: `${folder}/run` });
    const server = await serve(device, `${folder}/run`, { port: 0 });
    const answered = fetch(`${server.url}sample?count=256`);
    // Half of the requests are in the queue by then, and half are drawn
    await fetch(`${server.url}health`).then((response) => response.body?.cancel());
    await server[Symbol.asyncDispose]();
    const response = await answered;
    assert([200, 503].includes(response.status));
    await response.body?.cancel();
    await assertRejects(() => fetch(server.url));
  });
});

gpuTest("serve() refuses options that are not allowed, and a port that is taken", async (device) => {
  await withServed(device, async ({ url, run }) => {
    const port = Number(new URL(url).port);
    const taken = await assertRejects(() => serve(device, run, { port }), Deno.errors.AddrInUse);
    assertMatch(taken.message, /^Cannot serve at 127\.0\.0\.1: port \d+ is taken\. Give another port/);
    const wrong: readonly (readonly [options: object, message: string])[] = [
      [{ port: 65536 }, '"port" must be a whole number from 0 to 65535, found 65536'],
      [{ batch: 65 }, '"batch" must be'],
      [{ cors: "example.com" }, '"cors" must be an origin, such as https://example.com, or *'],
      [{ host: "" }, '"host" must be'],
      [{ port: 0, from: 99 }, "99"],
    ];
    for (const [options, message] of wrong) {
      await assertRejects(() => serve(device, run, options), Error, message);
    }
    await assertRejects(() => serve(device, run, { statistics: "batch" } as never), TypeError, "statistics");
    await assertRejects(() => serve(device, `${run}/nothing`, { port: 0 }), Error, "found nothing there");
  });
});

gpuTest("serve() says so where it listens beyond this machine, and takes any host there", async (device) => {
  await withFolder(async (folder) => {
    await trainTiny(device, { steps: 1, out: `${folder}/run` });
    await using server = await serve(device, `${folder}/run`, { port: 0, host: "0.0.0.0", cors: "*" });
    assertMatch(
      server.warnings.join(),
      /^Everybody who can reach this machine at 0\.0\.0\.0 can use this server/,
    );
    const { port } = new URL(server.url);
    const here = `http://127.0.0.1:${port}/`;
    assertEquals(
      statusesOf(
        await rawRequest(here, "GET /health HTTP/1.1\r\nHost: my.network\r\nConnection: close\r\n\r\n"),
      ),
      [200],
    );
    const response = await fetch(`${here}health`);
    await response.body?.cancel();
    assertEquals(response.headers.get("access-control-allow-origin"), "*");
  });
});
