import { assert, assertEquals, assertRejects } from "@std/assert";
import { type FilmWriting, writeFilm } from "../../../../src/dcgan/explore/films/write_film.ts";
import { readMark } from "../../../../src/dcgan/explore/marks/read_mark.ts";
import type { FilmFacts, Frame } from "../../../../src/pictures/films/mod.ts";
import { namesIn, withFolder } from "../../../support/temp_folder.ts";

const mark = { software: "test 1", description: "A film", made: { command: "film" } };
const facts: FilmFacts = { width: 5, height: 3, channels: 3, frames: 3, loop: true, mark };

/** Three frames, of which the last is seen longer. */
async function* frames(): AsyncGenerator<Frame> {
  for (const [at, duration] of [100, 100, 300].entries()) {
    yield { duration, picture: { width: 5, height: 3, channels: 3, data: new Uint8Array(45).fill(at + 1) } };
  }
}

/** Runs with a program called `ffmpeg` that is this script of the shell, or with none. */
async function withFfmpeg(
  script: string | undefined,
  body: (folder: string, writing: FilmWriting) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/bin`);
    await Deno.mkdir(`${folder}/films`);
    if (script !== undefined) {
      await Deno.writeTextFile(`${folder}/bin/ffmpeg`, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    }
    const path = Deno.env.get("PATH")!;
    Deno.env.set("PATH", script === undefined ? `${folder}/bin` : `${folder}/bin:${path}`);
    try {
      const writing = { out: `${folder}/films/a.mp4`, fps: 10, progress: undefined, signal: undefined };
      await body(`${folder}/films`, writing);
    } finally {
      Deno.env.set("PATH", path);
    }
  });
}

const ignore = Deno.build.os === "windows";

Deno.test({
  name: "writeFilm() pipes frames through ffmpeg, repeats long ones, and leaves only the film",
  ignore,
  async fn() {
    // Writes what it was called with and what it read where the last argument says
    const script = 'for last; do :; done; { echo "$@"; cat; } > "$last"';
    await withFfmpeg(script, async (folder, writing) => {
      assertEquals(await writeFilm(facts, frames(), writing), 500);
      assertEquals(await namesIn(folder), ["a.mp4"]);
      const bytes = await Deno.readFile(writing.out);
      const line = bytes.indexOf(10);
      const args = new TextDecoder().decode(bytes.subarray(0, line));
      for (
        const word of [
          "-f rawvideo -pix_fmt rgb24 -s 5x3 -r 10 -i -",
          "libx264",
          "+bitexact",
          "description=A film",
        ]
      ) {
        assert(args.includes(word), args);
      }
      const pixels = bytes.subarray(line + 1, line + 1 + 5 * 45);
      const levels = Array.from({ length: 5 }, (_, at) => pixels[45 * at]);
      assertEquals(levels, [1, 2, 3, 3, 3]);
    });
  },
});

Deno.test({
  name: "writeFilm() says so if there is no ffmpeg, and what ffmpeg said if it fails",
  ignore,
  async fn() {
    await withFfmpeg(undefined, async (folder, writing) => {
      const { message } = await assertRejects(() => writeFilm(facts, frames(), writing), Error);
      assertEquals(
        message,
        `Cannot write ${writing.out}: it takes ffmpeg, found none on this machine. Install ffmpeg, or name a file that ` +
          "ends in .webp, .png or .gif",
      );
      assertEquals(await namesIn(folder), []);
    });
    for (
      const script of ["echo no such codec >&2; exit 1", "cat > /dev/null; echo no such codec >&2; exit 1"]
    ) {
      await withFfmpeg(script, async (folder, writing) => {
        const { message } = await assertRejects(() => writeFilm(facts, frames(), writing), Error);
        assertEquals(message, `Cannot write ${writing.out}: ffmpeg failed: no such codec`);
        assertEquals(await namesIn(folder), []);
      });
    }
  },
});

Deno.test({
  name: "writeFilm() stops ffmpeg with its signal, and passes on the failure of a frame",
  ignore,
  async fn() {
    await withFfmpeg("cat > /dev/null; sleep 60", async (folder, writing) => {
      const controller = new AbortController();
      const reason = new Error("enough");
      const progress = (done: number) => done === 2 && controller.abort(reason);
      const { signal } = controller;
      const stopped = await assertRejects(() => writeFilm(facts, frames(), { ...writing, progress, signal }));
      assertEquals(stopped, reason);
      assertEquals(await namesIn(folder), []);
    });
    await withFfmpeg("cat > /dev/null", async (folder, writing) => {
      const failing = async function* (): AsyncGenerator<Frame> {
        yield* frames();
        throw new RangeError("no more");
      };
      await assertRejects(() => writeFilm(facts, failing(), writing), RangeError, "no more");
      assertEquals(await namesIn(folder), []);
    });
  },
});

/** Whether ffmpeg itself is here. */
const isInstalled = await new Deno.Command("ffmpeg", { args: ["-version"], stdout: "null", stderr: "null" })
  .output().then(({ success }) => success, () => false);

Deno.test({
  name: "writeFilm() makes an MP4 and a WebM with ffmpeg itself; an MP4 has the mark",
  ignore: !isInstalled,
  async fn() {
    await withFolder(async (folder) => {
      for (const ending of ["mp4", "webm"]) {
        const writing = { out: `${folder}/a.${ending}`, fps: 10, progress: undefined, signal: undefined };
        await writeFilm(facts, frames(), writing);
        const first = await Deno.readFile(writing.out);
        await writeFilm(facts, frames(), writing);
        assertEquals(await Deno.readFile(writing.out), first);
        assertEquals(await readMark(writing.out), ending === "mp4" ? mark : undefined);
      }
    });
  },
});
