/** Uploads to a server on this machine. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { HubError } from "../../../../src/dcgan/export/hub/hub_client.ts";
import { type PushOptions, pushToHub } from "../../../../src/dcgan/export/hub/push_to_hub.ts";
import { withFolder } from "../../../support/temp_folder.ts";
import { HubServer, type HubServerOptions, TOKEN } from "./hub_server.ts";

const CONTENT = {
  "README.md": new TextEncoder().encode("# Faces, größer"),
  "generator.safetensors": Uint8Array.from({ length: 1000 }, (_, at) => at * 7),
  "samples.png": Uint8Array.from({ length: 70 }, (_, at) => at * 3),
};

/** Uploads some files to a server. */
async function push(
  behavior: HubServerOptions,
  options: Partial<PushOptions>,
  check: (server: HubServer, uploading: Promise<{ url: string; commit: string }>) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    const paths = await Promise.all(
      Object.entries(CONTENT).map(async ([name, bytes]) => {
        await Deno.writeFile(`${folder}/${name}`, bytes);
        return `${folder}/${name}`;
      }),
    );
    await using server = new HubServer(behavior);
    const all = { repo: "me/faces", token: TOKEN, server: server.url, ...options };
    await check(server, pushToHub(paths, all));
  });
}

Deno.test("pushToHub() uploads all files as one change, however the server keeps them", async () => {
  const behaviors: readonly HubServerOptions[] = [
    {},
    { large: /safetensors|png/ },
    { large: /safetensors|png/, chunk: 64 },
    { large: /safetensors/, chunk: 1000 },
    { existing: "public" },
  ];
  for (const behavior of behaviors) {
    const told: number[] = [];
    const progress = (done: number, total: number) => void told.push(done, total);
    await push(behavior, { progress, message: "First" }, async (server, uploading) => {
      assertEquals(await uploading, {
        url: `${server.url}/me/faces`,
        commit: `${server.url}/me/faces/commit/1`,
      });
      assertEquals(Object.fromEntries(server.files), CONTENT);
      assertEquals(server.summary, "First");
      assertEquals(server.created, { type: "model", name: "faces", organization: "me", private: false });
      const total = Object.values(CONTENT).reduce((sum, { length }) => sum + length, 0);
      assertEquals(told.slice(-2), [total, total]);
    });
  }
});

Deno.test("pushToHub() sends nothing that the server has", async () => {
  await push({ large: /./, hasAll: true }, {}, async (server, uploading) => {
    await uploading;
    assertEquals([...server.files.keys()], Object.keys(CONTENT));
    assertEquals(server.log.filter((line) => line.includes("/store/")), []);
  });
});

Deno.test("pushToHub() uploads nothing to a public repository that is to be private", async () => {
  await push({ existing: "public" }, { private: true }, async (server, uploading) => {
    await assertRejects(() => uploading, HubError, "it must be private, found one that is public");
    assertEquals(server.files.size, 0);
  });
  for (const existing of ["private", undefined] as const) {
    await push(existing ? { existing } : {}, { private: true }, async (server, uploading) => {
      await uploading;
      assertEquals(server.files.size, 3);
    });
  }
});

/** The error of an upload. */
async function failureOf(behavior: HubServerOptions, options: Partial<PushOptions> = {}): Promise<HubError> {
  let failure: unknown;
  await push(behavior, options, async (server, uploading) => {
    failure = await uploading.then(() => undefined, (error) => error);
    assertEquals(server.files.size, 0);
  });
  assert(failure instanceof HubError, `${failure}`);
  return failure;
}

Deno.test("pushToHub() says what the server says, and never the token", async () => {
  const refused = await failureOf({}, { token: "hf_wrong" });
  assertEquals(refused.status, 401);
  assertEquals(
    refused.message.replace(/127.0.0.1:\d+/, "SERVER"),
    "Cannot upload to hf:me/faces: SERVER answered 401 to POST /api/repos/create: " +
      "Invalid credentials: Bearer (the token). Check the token: it must be one of the server's, and not have ended",
  );
  const at = (path: string, response: () => Response): HubServerOptions => ({
    large: /./,
    answer: (_, asked) => asked.includes(path) ? response() : undefined,
  });
  const page = await failureOf(at("preupload", () => new Response("<html>Down</html>", { status: 503 })));
  assert(page.message.endsWith("answered 503 to POST /api/models/me/faces/preupload/main. Try again later"));
  const full = await failureOf(at("/store/", () => new Response("quota used up", { status: 403 })));
  assert(
    /answered 403 to PUT \/store\/whole\/\w+: quota used up\. Check that the token may write/.test(
      full.message,
    ),
  );
  const strange = await failureOf(at("batch", () => Response.json({ objects: "none" })));
  assert(strange.message.includes("the answer of"), strange.message);
  const parts = await failureOf({
    large: /safetensors/,
    answer: (_, path) =>
      path.endsWith("batch")
        ? Response.json({
          objects: Object.values(CONTENT).map(() => ({ oid: "other", error: { message: "no" } })),
        })
        : undefined,
  });
  assert(parts.message.includes("Cannot upload generator.safetensors to hf:me/faces: the server refused it"));
});

Deno.test("pushToHub() says if there is no answer, or it was stopped", async () => {
  const gone = await failureOf({}, { server: "http://127.0.0.1:1" });
  assertEquals([gone.status, gone.message], [
    undefined,
    "Cannot upload to hf:me/faces: no answer from 127.0.0.1:1. Try again",
  ]);
  const stop = new AbortController();
  const behavior: HubServerOptions = {
    large: /./,
    answer: (_, path) => {
      if (path.includes("/store/")) stop.abort(new Error("stopped"));
      return undefined;
    },
  };
  await push(behavior, { signal: stop.signal }, async (server, uploading) => {
    await assertRejects(() => uploading, Error, "stopped");
    assertEquals(server.files.size, 0);
  });
});

Deno.test("pushToHub() sends tokens only to servers that are sure", async () => {
  const refuses = async (options: object, words: string) => {
    const given = { repo: "me/faces", token: TOKEN, ...options };
    await assertRejects(() => pushToHub([], given), RangeError, words);
  };
  for (const server of ["http://hub.example", "ftp://127.0.0.1", "nowhere", "http://127.0.0.1.example"]) {
    await refuses({ server }, '"server" must be an https address');
  }
  for (const repo of ["faces", "me/../x", "me/fa ces", "/x", "me/x/y"]) {
    await refuses({ repo }, '"repo" must be user/model');
  }
});
