import "../../../src/host/on_native.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { encodeFilm, type FilmType } from "../../../src/pictures/films/encode_film.ts";
import type { FilmFacts, Frame } from "../../../src/pictures/films/film.ts";
import { markOf, type Picture, toRgb, toRgba } from "../../../src/pictures/mod.ts";
import { randomValues } from "../../support/random.ts";
import { readApng, type ReadFilm, readGif, readWebp } from "./frames_of.ts";

const READERS: Readonly<Record<FilmType, (bytes: Uint8Array) => Promise<ReadFilm>>> = {
  apng: readApng,
  webp: readWebp,
  gif: readGif,
};

const TYPES = Object.keys(READERS) as FilmType[];

const mark = { software: "test 1", description: "A film", made: { command: "film" } };

/** A film in memory. */
async function encoded(type: FilmType, facts: FilmFacts, frames: Iterable<Frame>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  async function* given(): AsyncGenerator<Frame> {
    yield* frames;
  }
  let first: Uint8Array = new Uint8Array();
  for await (const { bytes, isStart } of encodeFilm(type, facts, given())) {
    if (isStart) first = bytes;
    else parts.push(bytes);
  }
  const file = Buffer.concat(parts);
  file.set(first);
  return new Uint8Array(file);
}

/** A picture of slow changes, which no kind of file has trouble with. */
function wave(width: number, height: number, channels: Picture["channels"], phase: number): Picture {
  const data = Uint8Array.from(
    { length: width * height * channels },
    (_, i) => {
      const [c, x, y] = [i % channels, Math.floor(i / channels) % width, Math.floor(i / channels / width)];
      return 128 + 100 * Math.sin((x + 2 * y) / 9 + c + phase);
    },
  );
  return { width, height, channels, data };
}

/** The greatest and the mean difference of two pictures of 3 channels. */
function differences(a: Picture, b: Picture): { most: number; mean: number } {
  let [most, sum] = [0, 0];
  for (let i = 0; i < a.data.length; i++) {
    const difference = Math.abs(a.data[i]! - b.data[i]!);
    most = Math.max(most, difference);
    sum += difference;
  }
  return { most, mean: sum / a.data.length };
}

for (const type of TYPES) {
  Deno.test(`encodeFilm() writes ${type} that readers take: frames, durations, size, mark`, async () => {
    for (
      const [width, height, channels, loop] of [[33, 20, 3, true], [16, 16, 1, false], [
        7,
        9,
        4,
        true,
      ]] as const
    ) {
      const durations = [50, 50, 2000, 40];
      const frames = durations.map((duration, at) => ({
        duration,
        picture: wave(width, height, channels, at),
      }));
      const facts = { width, height, channels, frames: frames.length, loop, mark };
      const bytes = await encoded(type, facts, frames);
      const film = await READERS[type](bytes);
      assertEquals([film.width, film.height, film.plays], [width, height, loop ? 0 : 1]);
      assertEquals(film.frames.map(({ duration }) => duration), durations);
      for (const [at, { picture }] of film.frames.entries()) {
        // Alpha is lost in a GIF, and made visible colors of a WebP another number where it is 0
        if (channels === 4 && type === "webp") continue;
        const wanted = type === "gif" ? toRgb(frames[at]!.picture) : toRgb(toRgba(frames[at]!.picture));
        const { mean } = differences(toRgb(picture), wanted);
        assert(mean <= (type === "apng" ? 0 : 3), `frame ${at} differs by ${mean}`);
      }
      assertEquals(markOf(bytes), mark);
      // Same frames, same bytes
      assertEquals(await encoded(type, facts, frames), bytes);
    }
  });

  Deno.test(`encodeFilm() writes ${type} without a mark`, async () => {
    const facts = { width: 8, height: 8, channels: 3, frames: 1, loop: true } as const;
    const bytes = await encoded(type, facts, [{ duration: 100, picture: wave(8, 8, 3, 0) }]);
    assertEquals(markOf(bytes), undefined);
    assertEquals((await READERS[type](bytes)).frames.length, 1);
  });

  Deno.test(`encodeFilm() rejects frames of ${type} of another size, and another number of them`, async () => {
    const facts = { width: 8, height: 8, channels: 3, frames: 2, loop: true } as const;
    const fits = { duration: 100, picture: wave(8, 8, 3, 0) };
    const { message } = await assertRejects(
      () => encoded(type, facts, [fits, { duration: 100, picture: wave(8, 9, 3, 0) }]),
      RangeError,
    );
    assertEquals(message, "A frame of a film must be 8x8 with 3 channels, as the first, found 8x9 with 3");
    await assertRejects(() => encoded(type, facts, [fits]), RangeError, "must have as many, found 1");
    await assertRejects(
      () => encoded(type, facts, [fits, fits, fits]),
      RangeError,
      "must have as many, found 3",
    );
  });
}

Deno.test("encodeFilm() asks for a frame only once the one before is encoded and taken", async () => {
  for (const type of TYPES) {
    let [asked, taken] = [0, 0];
    const picture = wave(8, 8, 3, 0);
    const frames = async function* (): AsyncGenerator<Frame> {
      for (; asked < 600; asked++) {
        assert(asked - taken <= 1, `${asked} frames are in memory after ${taken}`);
        yield { picture, duration: 50 };
      }
    };
    const facts = { width: 8, height: 8, channels: 3, frames: 600, loop: true } as const;
    for await (const { bytes } of encodeFilm(type, facts, frames())) {
      assert(bytes.length < 2 ** 16);
      taken = asked;
    }
    assertEquals(asked, 600);
  }
});

Deno.test("encodeFilm() writes a GIF whose delays add up, however they are rounded", async () => {
  const frames = Array.from({ length: 30 }, () => ({ duration: 1000 / 30, picture: wave(4, 4, 3, 0) }));
  const bytes = await encoded("gif", { width: 4, height: 4, channels: 3, frames: 30, loop: true }, frames);
  const durations = (await readGif(bytes)).frames.map(({ duration }) => duration);
  assertEquals(durations.reduce((sum, one) => sum + one), 1000);
  assertEquals(new Set(durations), new Set([30, 40]));
});

Deno.test("encodeFilm() writes a GIF of noise, of one color, and of one pixel", async () => {
  const noise = Uint8Array.from(randomValues(150 * 150 * 3, 1, [0, 256]));
  // Few colors, in sequences that fill the table of codes many times over
  const few = Uint8Array.from(randomValues(150 * 150 * 3, 2, [0, 2]), (value) => Math.floor(value) * 255);
  const pictures: Picture[] = [
    { width: 150, height: 150, channels: 3, data: noise },
    { width: 150, height: 150, channels: 3, data: few },
    { width: 150, height: 150, channels: 3, data: new Uint8Array(150 * 150 * 3).fill(200) },
    { width: 1, height: 1, channels: 3, data: Uint8Array.of(9, 90, 200) },
    { width: 700, height: 1, channels: 3, data: new Uint8Array(2100).fill(17) },
  ];
  for (const [at, picture] of pictures.entries()) {
    const { width, height } = picture;
    const bytes = await encoded("gif", { width, height, channels: 3, frames: 1, loop: false }, [{
      picture,
      duration: 100,
    }]);
    const [frame] = (await readGif(bytes)).frames;
    const { most, mean } = differences(toRgb(frame!.picture), picture);
    // 256 colors of noise are a seventh of a channel apart
    assert(at === 0 ? mean < 20 : most === 0, `picture ${at} differs by ${most}, ${mean} on average`);
  }
});
