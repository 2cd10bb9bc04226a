/** Kinds of files that are rarer than the ones in `decode_test.ts`, and their orientation. */
import "../../../src/host/on_native.ts";
import { assert, assertEquals } from "@std/assert";
import { orientPicture } from "../../../src/pictures/orientation.ts";
import { decodePicture, encodePng, readPictureHeader, toRgb } from "../../../src/pictures/mod.ts";
import { fileURLToPath } from "node:url";
import { concat, exif, jpeg, pngChunk, ramp, webp, webpWithExif, withExif } from "../files.ts";
import { knownPictures } from "../known_pictures.ts";

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

/** Largest difference, but for the color of what is wholly transparent. */
function visibleDifference(found: Uint8Array, expected: Uint8Array): number {
  assertEquals(found.length, expected.length);
  return found.reduce((most, level, i) => {
    const isSeen = i % 4 === 3 || expected[i - i % 4 + 3]! > 0;
    return isSeen ? Math.max(most, Math.abs(level - expected[i]!)) : most;
  }, 0);
}

Deno.test("decodePicture() gives the pixels that Pillow gives", async (t) => {
  for (const { kind, file, pixels, tolerance = 0 } of knownPictures) {
    await t.step(kind, async () => {
      const { data } = await decodePicture(bytesOf(file));
      const found = visibleDifference(data, bytesOf(pixels));
      assert(found <= tolerance, `differs by ${found} levels`);
    });
  }
});

Deno.test("decodePicture() gives the same pixels without permissions", async () => {
  const mod = new URL("../../../src/pictures/mod.ts", import.meta.url).href;
  const onNative = new URL("../../../src/host/on_native.ts", import.meta.url).href;
  const code = `
    import ${JSON.stringify(onNative)};
    import { decodePicture, toRgb } from ${JSON.stringify(mod)};
    const sums = [];
    for (const text of ${JSON.stringify(knownPictures.map(({ file }) => file))}) {
      const { data } = toRgb(await decodePicture(Uint8Array.from(atob(text), (c) => c.charCodeAt(0))));
      sums.push([...data].reduce((sum, level, i) => (sum * 31 + level * (i % 7 + 1)) % 1000003, 7));
    }
    console.log(JSON.stringify(sums));`;
  const config = fileURLToPath(new URL("../../../deno.json", import.meta.url));
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-lock", "--no-check", "--config", config, "--ext=ts", "-"],
    env: { NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stdin = child.stdin.getWriter();
  await stdin.write(new TextEncoder().encode(code));
  await stdin.close();
  const { stdout, stderr } = await child.output();
  const expected = [];
  for (const { file } of knownPictures) {
    const { data } = toRgb(await decodePicture(bytesOf(file)));
    expected.push([...data].reduce((sum, level, i) => (sum * 31 + level * (i % 7 + 1)) % 1000003, 7));
  }
  assertEquals(
    new TextDecoder().decode(stdout),
    `${JSON.stringify(expected)}\n`,
    new TextDecoder().decode(stderr),
  );
});

Deno.test("decodePicture() turns PNG, JPEG and WebP upright, however their EXIF data is written", async (t) => {
  const picture = ramp(9, 5);
  const files = { PNG: await encodePng(picture), JPEG: await jpeg(picture), WebP: await webp(picture) };
  const put = {
    PNG: (data: Uint8Array) => withPngExif(files.PNG, data, true),
    "PNG, behind the pixels": (data: Uint8Array) => withPngExif(files.PNG, data, false),
    JPEG: (data: Uint8Array) => withExif(files.JPEG, data),
    WebP: (data: Uint8Array) => webpWithExif(files.WebP, picture, data),
  };
  for (const [kind, write] of Object.entries(put)) {
    const upright = await decodePicture(files[kind.split(",")[0] as keyof typeof files]);
    for (const type of ["SHORT", "LONG"] as const) {
      for (const littleEndian of [true, false]) {
        await t.step(`${kind}, ${type}, ${littleEndian ? "little" : "big"} endian`, async () => {
          for (let orientation = 0; orientation <= 9; orientation++) {
            const file = write(exif(orientation, littleEndian, type));
            const known = orientation >= 1 && orientation <= 8 ? orientation : 1;
            assertEquals(readPictureHeader(file).orientation, known);
            assertEquals(
              await decodePicture(file),
              orientPicture(upright, known),
              `orientation ${orientation}`,
            );
          }
        });
      }
    }
  }
});

Deno.test("decodePicture() takes EXIF data in a PNG that starts as it does in a JPEG", async () => {
  const file = await encodePng(ramp(9, 5));
  const prefixed = concat([new TextEncoder().encode("Exif\0\0"), exif(6, true)]);
  assertEquals(readPictureHeader(withPngExif(file, prefixed, true)).orientation, 6);
  // Whatever is in it, it ends
  for (
    const data of [[], [0x49], [0x49, 0x49, 42, 0, 255, 255, 255, 127], [
      0x49,
      0x49,
      42,
      0,
      8,
      0,
      0,
      0,
      255,
      255,
    ]]
  ) {
    assertEquals(readPictureHeader(withPngExif(file, Uint8Array.from(data), true)).orientation, 1);
  }
});

/** A PNG with an eXIf chunk in front of its pixels, or behind them. */
function withPngExif(file: Uint8Array, data: Uint8Array, isBefore: boolean): Uint8Array {
  const at = isBefore ? 33 : file.length - 12;
  return concat([file.subarray(0, at), pngChunk("eXIf", data), file.subarray(at)]);
}
