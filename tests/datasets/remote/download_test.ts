import "../../../src/host/on_native.ts";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { createHash } from "node:crypto";
import { download } from "../../../plugins/datasets/remote/download.ts";
import { withFiles } from "../support/folders.ts";
import { type Answer, type Asked, withServer } from "../support/unreliable_server.ts";
import { get, sha256, truly, waiting, whole } from "./downloading.ts";

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
        const onNative = new URL("../../../src/host/on_native.ts", import.meta.url).href;
        const code = `
          import ${JSON.stringify(onNative)};
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
