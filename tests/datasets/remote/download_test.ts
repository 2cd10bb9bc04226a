import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import {
  DatasetError,
  type DatasetProgress,
  fetchFile,
  type RemoteFile,
} from "../../../plugins/datasets/mod.ts";
import { download } from "../../../plugins/datasets/remote/download.ts";
import { withFiles } from "../support/folders.ts";
import { type Answer, type Asked, withServer } from "../support/unreliable_server.ts";

const whole = Uint8Array.from({ length: 300_000 }, (_, i) => (i * i) % 251);
const sha256 = createHash("sha256").update(whole).digest("hex");
const tag = { etag: '"one"' };

/** What a server says that serves a file truly, parts of it too. */
function truly(bytes: Uint8Array, headers: Record<string, string> = tag): (asked: Asked) => Answer {
  return (asked) => {
    const from = Number(/^bytes=(\d+)-$/.exec(asked.headers.get("range") ?? "")?.[1] ?? 0);
    if (from === 0 || asked.headers.get("if-range") !== headers["etag"]) {
      return { headers: { ...headers, "content-length": bytes.length }, body: bytes };
    }
    const range = `bytes ${from}-${bytes.length - 1}/${bytes.length}`;
    return {
      status: 206,
      headers: { ...headers, "content-length": bytes.length - from, "content-range": range },
      body: bytes.subarray(from),
    };
  };
}

/** Who waits, and what was told. */
function waiting(signal = new AbortController().signal) {
  const messages: string[] = [];
  const steps: DatasetProgress[] = [];
  return {
    messages,
    steps,
    signal,
    report: (message: string) => void messages.push(message),
    progress: (step: DatasetProgress): void => void steps.push(step),
    stallTime: 300,
    retryTime: 1,
  };
}

/** Downloads from a server into a new folder. */
async function get(
  answer: (asked: Asked) => Answer,
  known: Partial<RemoteFile>,
  check: (
    result: { path: string; asked: readonly Asked[]; error: unknown; names: string[] },
  ) => void | Promise<void>,
  context = waiting(),
): Promise<void> {
  await withServer(answer, async (url, asked) => {
    await withFiles({}, async (folder) => {
      const path = `${folder}/set/a.bin`;
      const error = await download({ urls: [`${url}/a.bin`], ...known }, path, context).then(
        () => undefined,
        (e) => e,
      );
      const names = [...Deno.readDirSync(`${folder}/set`)].map(({ name }) => name).sort();
      await check({ path, asked, error, names });
    });
  });
}

Deno.test("download() gets a file, tells its progress and leaves nothing else", async () => {
  const context = waiting();
  await get(truly(whole), { sha256, size: whole.length }, async ({ path, error, names }) => {
    assertEquals([error, names], [undefined, ["a.bin"]]);
    assertEquals(await Deno.readFile(path), whole);
    assertMatch(context.messages.join(), /^Downloading http:.*a\.bin$/);
    const { what, done, total, unit } = context.steps.at(-1)!;
    assertEquals([what, done, total, unit], ["a.bin", whole.length, whole.length, "bytes"]);
  }, context);
});

Deno.test("download() goes on where the connection was cut, if the file is still the same", async () => {
  const cut = (asked: Asked): Answer => {
    const answer = truly(whole)(asked);
    return asked.count < 2 ? { ...answer, body: answer.body!.subarray(0, 100_000) } : answer;
  };
  await get(cut, { sha256 }, async ({ path, asked, error }) => {
    assertEquals(error, undefined);
    assertEquals(await Deno.readFile(path), whole);
    const ranges = asked.map(({ headers }) => headers.get("range"));
    assertEquals(ranges.length, 3);
    assertEquals(ranges[0], undefined);
    assert(/^bytes=[1-9]\d*-$/.test(ranges[1]!) && /^bytes=[1-9]\d*-$/.test(ranges[2]!), ranges.join());
  });
});

Deno.test("download() goes on after another run that was killed, and starts anew where nothing names the version", async () => {
  for (
    const [version, ranges] of [['{"validator":"\\"one\\""', ["bytes=1000-"]], ["", [undefined]]] as const
  ) {
    await withServer(truly(whole), async (url, asked) => {
      const json = version === "" ? null : `${version},"url":"${url}/a.bin"}`;
      await withFiles({ "a.bin.part": whole.slice(0, 1000), "a.bin.part.json": json }, async (folder) => {
        await download({ urls: [`${url}/a.bin`], sha256 }, `${folder}/a.bin`, waiting());
        assertEquals(asked.map(({ headers }) => headers.get("range")), [...ranges]);
        assertEquals(await Deno.readFile(`${folder}/a.bin`), whole);
        assertEquals([...Deno.readDirSync(folder)].length, 1);
      });
    });
  }
});

Deno.test("download() starts anew where the file on the server has changed", async () => {
  const changed = whole.map((byte) => byte ^ 1);
  const sum = createHash("sha256").update(changed).digest("hex");
  const answer = (asked: Asked): Answer =>
    asked.count === 0
      ? { ...truly(whole)(asked), body: whole.subarray(0, 5000) }
      : truly(changed, { etag: '"two"' })(asked);
  await get(answer, { sha256: sum }, async ({ path, error }) => {
    assertEquals(error, undefined);
    assertEquals(await Deno.readFile(path), changed);
  });
});

Deno.test("download() shows more headers to the server that they are for, and not where that leads", async () => {
  await withServer(truly(whole), async (elsewhere, askedThere) => {
    const redirect = (): Answer => ({ status: 302, headers: { location: `${elsewhere}/a.bin` } });
    await withServer(redirect, async (url, asked) => {
      await withFiles({}, async (folder) => {
        const headers = (of: string): Record<string, string> =>
          of.startsWith(url) ? { Authorization: "Bearer secret" } : {};
        await download({ urls: [`${url}/a.bin`], sha256 }, `${folder}/a.bin`, { ...waiting(), headers });
      });
      assertEquals(asked.map(({ headers }) => headers.get("authorization")), ["Bearer secret"]);
      assertEquals(askedThere.map(({ headers }) => headers.get("authorization")), [undefined]);
    });
  });
});

Deno.test("download() follows redirects", async () => {
  const answer = (asked: Asked): Answer =>
    asked.line.includes("/a.bin")
      ? { status: 302, headers: { location: "/elsewhere", "content-length": 0 } }
      : truly(whole)(asked);
  await get(answer, { sha256 }, ({ error, asked }) => {
    assertEquals([error, asked.length], [undefined, 2]);
  });
});

Deno.test("download() refuses what a server should not give, and keeps none of it under the name", async (t) => {
  const wrong = whole.with(7, 255);
  const size = whole.length;
  const cases: [string, (asked: Asked) => Answer, Partial<RemoteFile>, RegExp][] = [
    ["wrong bytes", truly(wrong), { sha256 }, /the file must have SHA-256 \w+: found \w+$/],
    [
      "wrong bytes in gzip",
      truly(wrong),
      { contentSha256: sha256 },
      /the file cannot be unpacked: expected whole gzip/,
    ],
    [
      "another length",
      truly(whole.slice(1)),
      { size, sha256 },
      /has a file of 299999 bytes, expected 300000$/,
    ],
    ["404", () => ({ status: 404 }), {}, /the server answered 404$/],
    ["a redirect in a circle", () => ({ status: 302, headers: { location: "/a.bin" } }), {}, /redirect/i],
    [
      "a length that is too long",
      (asked) => ({ ...truly(whole)(asked), headers: { "content-length": size + 9 } }),
      { sha256 },
      /a\.bin: .+/,
    ],
    [
      "a length that is too short",
      (asked) => ({ ...truly(whole)(asked), headers: { "content-length": 9 } }),
      { sha256 },
      /SHA-256|error/,
    ],
    [
      "more than there should be",
      () => ({ body: new Uint8Array(400_000) }),
      { size },
      /sends more than the 300000 bytes expected$/,
    ],
    [
      "another part than was asked for",
      (asked) =>
        asked.headers.has("range")
          ? {
            status: 206,
            headers: { "content-range": "bytes 5-9/10", "content-length": 5 },
            body: whole.slice(5, 10),
          }
          : { ...truly(whole)(asked), body: whole.subarray(0, 5000) },
      { sha256 },
      /another part of the file than it was asked for|error reading/,
    ],
    [
      "silence",
      () => ({ headers: { "content-length": 9 }, body: whole.slice(0, 5), silence: 5000 }),
      {},
      /nothing came for 0\.3 s$/,
    ],
  ];
  for (const [name, answer, known, message] of cases) {
    await t.step(name, async () => {
      await get(answer, known, ({ error, names }) => {
        assert(error instanceof DatasetError, String(error));
        assertMatch(error.message, /a\.bin cannot be downloaded: http/);
        assertMatch(error.message, message);
        assert(!names.includes("a.bin"), names.join());
      });
    });
  }
});

Deno.test("download() takes the first place that has the right file", async () => {
  const answer = (asked: Asked): Answer => asked.line.includes("/2/") ? truly(whole)(asked) : { status: 503 };
  await withServer(answer, async (url) => {
    await withFiles({}, async (folder) => {
      const context = waiting();
      const urls = [`${url}/1/a.bin`, "http://127.0.0.1:1/a.bin", `${url}/2/a.bin`];
      await download({ urls, sha256 }, `${folder}/a.bin`, context);
      assertEquals(await Deno.readFile(`${folder}/a.bin`), whole);
      assertEquals(
        context.messages.filter((message) => message.startsWith("Downloading")),
        urls.map((at) => `Downloading ${at}`),
      );
      // A server that is only busy is asked again
      assertEquals(
        context.messages.filter((message) => message.startsWith(`Trying ${urls[0]} again`)).length,
        2,
      );
    });
  });
});

Deno.test("download() ends when the signal aborts, and keeps what has come for the next time", async () => {
  const controller = new AbortController();
  const context = waiting(controller.signal);
  context.progress = () => void controller.abort(new DOMException("enough", "AbortError"));
  await get(
    (asked) => ({ ...truly(whole)(asked), body: whole.slice(0, 1000), silence: 5000 }),
    {},
    ({ error, names }) => {
      assertEquals((error as Error).message, "enough");
      assertEquals(names, ["a.bin.part", "a.bin.part.json"]);
    },
    context,
  );
});

Deno.test({
  name: "download() names the file that a full disk has no room for, and goes on with it later",
  ignore: Deno.build.os === "windows",
  async fn() {
    await withServer(truly(whole), async (url, asked) => {
      await withFiles({}, async (folder) => {
        const path = `${folder}/a.bin`;
        const module = new URL("../../../plugins/datasets/remote/download.ts", import.meta.url).href;
        const code = `
          import { download } from ${JSON.stringify(module)};
          const context = { signal: new AbortController().signal, report() {}, progress() {} };
          await download({ urls: ["${url}/a.bin"] }, ${JSON.stringify(path)}, context)
            .catch((error) => console.log(error.name, error.message));`;
        // Files of 64 KiB at most (32 where the shell counts in 512 bytes); its signal would end the process
        const command = `trap "" XFSZ; ulimit -f 64; exec "$0" eval "$1"`;
        const { stdout } = await new Deno.Command("sh", { args: ["-c", command, Deno.execPath(), code] })
          .output();
        assertEquals(
          new TextDecoder().decode(stdout),
          `DatasetError ${path}.part cannot be written, what has come is kept: File too large (os error 27)\n`,
        );
        await download({ urls: [`${url}/a.bin`], sha256 }, path, waiting());
        assertMatch(asked.at(-1)!.headers.get("range")!, /^bytes=[1-9]\d*-$/);
        assertEquals(await Deno.readFile(path), whole);
      });
    });
  },
});

Deno.test("download() says why a folder cannot be made, and why nothing answers", async () => {
  await withFiles({ "taken": "" }, async (folder) => {
    const urls = ["http://localhost:1/a.bin"];
    await assertRejects(
      () => download({ urls }, `${folder}/taken/set/a.bin`, waiting()),
      DatasetError,
      `The folder "${folder}/taken/set" cannot be made: `,
    );
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;
    listener.close();
    const { message } = await assertRejects(
      () => download({ urls: [`http://127.0.0.1:${port}/a.bin`] }, `${folder}/a.bin`, waiting()),
      DatasetError,
    );
    assertMatch(message, /\/a\.bin: tcp connect error: .*refused/i);
  });
});

Deno.test("download() lets one run wait for another that gets the same file", async () => {
  await withServer(truly(whole), async (url, asked) => {
    await withFiles({}, async (folder) => {
      const file = { urls: [`${url}/a.bin`], sha256 };
      await Promise.all([1, 2, 3].map(() => download(file, `${folder}/a.bin`, waiting())));
      assertEquals(asked.length, 1);
      assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["a.bin"]);
    });
  });
});

Deno.test("fetchFile() keeps files, asks mirrors first, leaves the network alone, and finds damage", async () => {
  const packed = new Uint8Array(gzipSync(whole));
  await withServer(truly(packed), async (url, asked) => {
    await withFiles({}, async (cacheDir) => {
      const file = { path: "set/a.gz", urls: ["http://127.0.0.1:1/a.gz"], contentSha256: sha256 };
      const context = { ...waiting(), cacheDir, mirrors: [`${url}/copies`], offline: false };
      await assertRejects(
        () => fetchFile(file, { ...context, offline: true }),
        DatasetError,
        "a.gz was not downloaded yet, and must not be now: leave out --offline",
      );
      for (const offline of [false, false, true]) {
        assertEquals(await Deno.readFile(await fetchFile(file, { ...context, offline })), packed);
      }
      assertEquals(asked.map(({ line }) => line), ["GET /copies/a.gz HTTP/1.1"]);
      await Deno.writeFile(`${cacheDir}/set/a.gz`, packed.slice(0, -9));
      await assertRejects(() => fetchFile(file, context), DatasetError, "remove it to download it again");
    });
  });
});
