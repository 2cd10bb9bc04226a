import "../../../src/host/on_native.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { sample } from "../../../src/dcgan/sample.ts";
import { fetchModel } from "../../../src/dcgan/weights/hub_model.ts";
import { chooseFile, hubName } from "../../../src/dcgan/weights/hub_names.ts";
import { readStartingWeights } from "../../../src/dcgan/weights/starting_weights.ts";
import { sha256 } from "../../../src/files/sha256.ts";
import { decodeNpy } from "../../../src/nn/mod.ts";
import { type Answer, type Asked, withServer } from "../../datasets/support/unreliable_server.ts";
import { gpuTest } from "../../support/gpu.ts";
import { withFolder } from "../tiny.ts";

const saved = (name: string) => new URL(`../../files/torch/saved/${name}`, import.meta.url);
const COMMIT: string = "0123456789abcdef0123456789abcdef01234567";
const OTHER = "f".repeat(40);
const weights = await Deno.readFile(saved("zip.pth"));
const digest = await sha256([weights]);
const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

/** Runs with an empty folder for caches. */
async function withCache(body: (cache: string) => Promise<void>): Promise<void> {
  const before = Deno.env.get("XDG_CACHE_HOME");
  await withFolder(async (folder) => {
    Deno.env.set("XDG_CACHE_HOME", folder);
    try {
      await body(folder);
    } finally {
      if (before === undefined) Deno.env.delete("XDG_CACHE_HOME");
      else Deno.env.set("XDG_CACHE_HOME", before);
    }
  });
}

/** A hub with one model. */
function hub(
  {
    commit = () => COMMIT,
    body = weights,
    size = weights.length,
    names = ["README.md", "netD.pth", "netG.pth"],
  } = {},
): (asked: Asked) => Answer {
  return ({ line }) => {
    const [, path] = line.split(" ");
    if (path!.startsWith("/api/models/artist/faces/revision/")) {
      const siblings = names.map((rfilename) => ({
        rfilename,
        size,
        ...(rfilename === "netG.pth" ? { lfs: { sha256: digest, size, pointerSize: 134 } } : {}),
      }));
      return { body: json({ id: "artist/faces", sha: commit(), siblings }) };
    }
    if (path === `/artist/faces/resolve/${commit()}/netG.pth`) {
      return { headers: { "content-length": body.length }, body };
    }
    return { status: 404 };
  };
}

Deno.test("fetchModel() downloads a generator once, checks it, and looks up what is newest", async () => {
  await withCache(async (cache) => {
    let commit = COMMIT;
    await withServer(hub({ commit: () => commit }), async (server, asked) => {
      const lines: string[] = [];
      const first = await fetchModel("hf:artist/faces", { server, report: (line) => void lines.push(line) });
      assertEquals(first.name, `hf:artist/faces@${COMMIT}/netG.pth`);
      assertStringIncludes(first.path, `${cache}/x-dcgan/models/artist/faces/${COMMIT}/netG.pth`);
      assertEquals(await Deno.readFile(first.path), weights);
      assertEquals(lines, [`Downloading ${server}/artist/faces/resolve/${COMMIT}/netG.pth`]);
      assertEquals(await fetchModel("hf:artist/faces", { server }), first);
      assertEquals(asked.length, 3);
      // A commit is what it was
      for (let i = 0; i < 2; i++) {
        assertEquals(await fetchModel(`hf:artist/faces@${COMMIT}`, { server }), first);
      }
      assertEquals(asked.length, 4);
      commit = OTHER;
      assertEquals(
        (await fetchModel("hf:artist/faces", { server })).name,
        `hf:artist/faces@${OTHER}/netG.pth`,
      );
      assert(asked.every(({ headers }) => !headers.has("authorization")));
    });
    const server = "http://127.0.0.1:9";
    const kept = await fetchModel("hf:artist/faces", { server, offline: true });
    assertEquals(kept.name, `hf:artist/faces@${OTHER}/netG.pth`);
    await assertRejects(
      () => fetchModel("hf:artist/faces", { server }),
      Error,
      "Cannot use hf:artist/faces: http://127.0.0.1:9 cannot be reached. What was downloaded before can be used",
    );
    for (const name of ["hf:artist/cats", "hf:artist/faces@v1"]) {
      await assertRejects(
        () => fetchModel(name, { server, offline: true }),
        Error,
        "it was not downloaded yet, and must not be now",
      );
    }
  });
});

Deno.test("fetchModel() refuses what is not there, damaged, too large, or no list", async () => {
  const cases: [answer: (asked: Asked) => Answer, words: string, source?: string][] = [
    [() => ({ status: 404 }), "answered 404. Check the name, or set HF_TOKEN"],
    [() => ({ status: 500 }), "answered 500"],
    [() => ({ body: json({ sha: "../..", siblings: [] }) }), "must list its files, found something else"],
    [
      () => ({ body: json({ sha: COMMIT, siblings: [{ rfilename: "../netG.pth" }] }) }),
      "found something else",
    ],
    [() => ({ body: new TextEncoder().encode("<html>") }), "must list its files, found something else"],
    [hub({ body: weights.slice().fill(1, 100, 120) }), `must have SHA-256 ${digest}, found`],
    [hub({ body: weights.slice(0, 100) }), `of 100 bytes, expected ${weights.length}`],
    [hub({ size: 2 ** 31 }), "netG.pth must have at most 1073741824 bytes, found 2147483648"],
    [hub({ names: ["README.md"] }), "artist/faces must have a file of weights"],
    [hub({ names: ["a.pth", "b.pth"] }), "Name it, as hf:artist/faces/a.pth"],
    [
      hub(),
      "artist/faces must have the file other.pth, found README.md, netD.pth",
      "hf:artist/faces/other.pth",
    ],
  ];
  for (const [answer, words, source = "hf:artist/faces"] of cases) {
    await withCache(async () => {
      await withServer(answer, async (server) => {
        const { message } = await assertRejects(() => fetchModel(source, { server }), Error);
        assertStringIncludes(message, `Cannot use ${source}: `);
        assertStringIncludes(message, words);
      });
    });
  }
});

Deno.test("hubName() reads names, revisions and files, and refuses what leads elsewhere", () => {
  assertEquals(hubName("hf:a/b"), { repo: "a/b", revision: "main", file: undefined });
  assertEquals(hubName("hf:a/b@refs%2Fpr%2F1/c/d.pth"), {
    repo: "a/b",
    revision: "refs/pr/1",
    file: "c/d.pth",
  });
  const wrong = [
    "hf:a",
    "hf:a/",
    "hf:../b",
    "hf:a/..",
    "hf:a/b/../c",
    "hf:a/b@..",
    "hf:a/b@x%2F..%2Fy",
    "hf:a/b@%41",
    "hf:a b/c",
    "hf:a/b//c",
  ];
  for (const name of wrong) assertThrows(() => hubName(name), RangeError, "must be named hf:user/model");
});

Deno.test("chooseFile() takes the generator by its name, and the safest kind of file", () => {
  const choose = (...names: string[]) =>
    chooseFile("hf:a/b", hubName("hf:a/b"), names.map((path) => ({ path }))).path;
  assertEquals(choose("config.json", "model.bin"), "model.bin");
  assertEquals(choose("netG.pth", "netD.pth", "netG.safetensors"), "netG.safetensors");
  assertEquals(choose("discriminator.safetensors", "generator.safetensors"), "generator.safetensors");
  assertEquals(choose("critic.pt", "weights.pt"), "weights.pt");
  assertEquals(
    choose("dcgan_generator_final.pth", "dcgan_discriminator_final.pth"),
    "dcgan_generator_final.pth",
  );
  assertThrows(() => choose("netG_1.pth", "netG_2.pth"), RangeError, "found netG_1.pth, netG_2.pth");
});

gpuTest("sample() and train() take a generator on the hub", async (device) => {
  await withCache(async () => {
    await withFolder(async (folder) => {
      await withServer(hub(), async (server) => {
        await fetchModel("hf:artist/faces", { server });
      });
      const latents = decodeNpy(await Deno.readFile(saved("latents.npy")));
      const drawn = async (source: string, offline: boolean) => {
        const out = `${folder}/out.npy`;
        await sample(device, source, { out, latents, format: "npy", ...(offline ? { offline } : {}) });
        return await Deno.readFile(out);
      };
      await Deno.writeFile(`${folder}/netG.pth`, weights);
      assertEquals(await drawn("hf:artist/faces", true), await drawn(`${folder}/netG.pth`, false));
      const { path, generator } = await readStartingWeights("hf:artist/faces", { offline: true });
      assertEquals(path, `hf:artist/faces@${COMMIT}/netG.pth`);
      assertEquals(generator?.architecture.ngf, 4);
    });
  });
});
