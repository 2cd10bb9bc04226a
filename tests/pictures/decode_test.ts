import "../../src/host/on_native.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { fileURLToPath } from "node:url";
import { decodeBuiltIn } from "../../src/pictures/built_in.ts";
import { orientPicture } from "../../src/pictures/orientation.ts";
import { decodePicture, encodePng, PictureError, readPictureHeader, toRgb } from "../../src/pictures/mod.ts";
import {
  bmp,
  cmykJpeg,
  concat,
  difference,
  gif,
  jpeg,
  png,
  ramp,
  webp,
  webpWithOrientation,
  withOrientation,
} from "./files.ts";

const picture = ramp(23, 17);

Deno.test("decodePicture() reads what has no loss to the bit", async (t) => {
  const files = { PNG: await encodePng(picture), BMP: bmp(picture), WebP: await webp(picture) };
  for (const [format, file] of Object.entries(files)) {
    await t.step(format, async () => {
      assertEquals(readPictureHeader(file).format, format);
      const decoded = await decodePicture(file);
      assertEquals([decoded.width, decoded.height, decoded.channels], [23, 17, 4]);
      assertEquals(toRgb(decoded).data, picture.data);
    });
  }
});

Deno.test("decodePicture() reads JPEG nearly as it was", async () => {
  const decoded = await decodePicture(await jpeg(picture));
  assert(difference(toRgb(decoded).data, picture.data) < 24);
});

Deno.test("decodePicture() reads the first frame of a GIF", async () => {
  const decoded = await decodePicture(await gif(picture));
  assert(difference(toRgb(decoded).data, picture.data) < 40, "it must not be the second, black frame");
});

Deno.test("decodePicture() reads a CMYK JPEG with its colors the right way round", async () => {
  const { data } = toRgb(await decodePicture(cmykJpeg));
  assert(
    difference(data.subarray(3 * 33, 3 * 34), Uint8Array.of(200, 40, 30)) < 8,
    `found ${data.subarray(99, 102)}`,
  );
  assert(difference(data.subarray(3 * 38, 3 * 39), Uint8Array.of(30, 60, 180)) < 8);
});

Deno.test("decodePicture() reads every kind of PNG", async (t) => {
  const size = { width: 2, height: 1 };
  const kinds: Record<string, [Uint8Array, number[]]> = {
    "1-bit gray": [png({ ...size, depth: 1, color: 0, rows: [[0b01000000]] }), [
      0,
      0,
      0,
      255,
      255,
      255,
      255,
      255,
    ]],
    "16-bit gray": [png({ ...size, depth: 16, color: 0, rows: [[0x12, 0x34, 0xff, 0xff]] }), [
      0x12,
      0x12,
      0x12,
      255,
      255,
      255,
      255,
      255,
    ]],
    "16-bit color": [
      png({ ...size, depth: 16, color: 2, rows: [[1, 0, 2, 0, 3, 0, 0xff, 0xff, 0x80, 0, 0, 0]] }),
      [1, 2, 3, 255, 255, 128, 0, 255],
    ],
    "gray with alpha": [png({ ...size, depth: 8, color: 4, rows: [[7, 255, 9, 128]] }), [
      7,
      7,
      7,
      255,
      9,
      9,
      9,
      128,
    ]],
    "palette with transparency": [
      png({
        ...size,
        depth: 8,
        color: 3,
        rows: [[1, 0]],
        chunks: [{ type: "PLTE", data: [10, 20, 30, 40, 50, 60] }, { type: "tRNS", data: [128, 255] }],
      }),
      [40, 50, 60, 255, 10, 20, 30, 128],
    ],
    "color with alpha": [
      png({ ...size, depth: 8, color: 6, rows: [[1, 2, 3, 4, 5, 6, 7, 255]] }),
      [1, 2, 3, 4, 5, 6, 7, 255],
    ],
  };
  for (const [kind, [file, expected]] of Object.entries(kinds)) {
    await t.step(kind, async () => {
      assertEquals([...(await decodePicture(file)).data], expected);
    });
  }
});

Deno.test("decodePicture() turns photos upright as Deno's own decoder does", async (t) => {
  const file = await jpeg(picture);
  for (let orientation = 1; orientation <= 8; orientation++) {
    for (const littleEndian of [true, false]) {
      await t.step(`orientation ${orientation}, ${littleEndian ? "little" : "big"} endian`, async () => {
        const turned = withOrientation(file, orientation, littleEndian);
        const decoded = await decodePicture(turned);
        const expected = await decodeBuiltIn(turned);
        assertEquals([decoded.width, decoded.height], orientation < 5 ? [23, 17] : [17, 23]);
        assertEquals([expected.width, expected.height], [decoded.width, decoded.height]);
        assert(difference(decoded.data, expected.data) < 12, "only rounding may differ");
      });
    }
  }
});

Deno.test("decodePicture() takes WebP with an orientation, turned upright once", async (t) => {
  const file = await webp(picture);
  const original = await decodePicture(file);
  for (let orientation = 0; orientation <= 9; orientation++) {
    for (const littleEndian of [true, false]) {
      await t.step(`orientation ${orientation}, ${littleEndian ? "little" : "big"} endian`, async () => {
        const decoded = await decodePicture(webpWithOrientation(file, picture, orientation, littleEndian));
        const known = orientation >= 1 && orientation <= 8;
        assertEquals(decoded, orientPicture(original, known ? orientation : 1));
      });
    }
  }
});

Deno.test("decodePicture() ignores an orientation that makes no sense", async () => {
  assertEquals(readPictureHeader(withOrientation(await jpeg(picture), 9)).orientation, 1);
});

Deno.test("decodePicture() refuses files that are cut short, wherever they are cut", async (t) => {
  const files = {
    JPEG: withOrientation(await jpeg(picture), 6),
    PNG: await encodePng(picture),
    GIF: await gif(picture),
    WebP: webpWithOrientation(await webp(picture), picture, 6),
    BMP: bmp(picture),
  };
  for (const [format, file] of Object.entries(files)) {
    // The first frame of a GIF may be whole while the second is not
    const last = format === "GIF" ? Math.floor(file.length / 3) : file.length - 1;
    for (const length of [3, 20, Math.floor(last / 2), last - 9, last]) {
      await t.step(`${format}, ${length} of ${file.length} bytes`, async () => {
        const { message } = await assertRejects(() => decodePicture(file.subarray(0, length)), PictureError);
        assert(/cut short|corrupt|not a picture/.test(message) && !message.includes("\n"), message);
      });
    }
  }
});

Deno.test("decodePicture() says what is no picture", async (t) => {
  const bytes = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  const cases: [Uint8Array, RegExp][] = [
    [new Uint8Array(), /^The file is empty$/],
    [bytes("\x01\x02\x03\x04"), /^The file is not a picture: it starts with 01 02 03 04; use JPEG, PNG/],
    [bytes("hello world"), /^The file is a text file, not a picture; use JPEG, PNG/],
    [bytes("II*\0rest of it"), /^The file is a TIFF picture: convert it to JPEG or PNG$/],
    [bytes("\0\0\0\x1cftypheic"), /^The file is a HEIC picture: convert it/],
    [bytes("<svg></svg>"), /^The file is an SVG picture: convert it/],
    [
      bytes("<!doctype html><p>404"),
      /^The file is a web page, not a picture: it was saved in place of the file/,
    ],
    [bytes("GIF89a\0\0\0\0\0\0\0\x3b"), /^The GIF has no pixels: it has no frame$/],
  ];
  for (const [file, message] of cases) {
    await t.step(String(message), async () => {
      const error = await assertRejects(() => decodePicture(file), PictureError);
      assert(message.test(error.message), error.message);
    });
  }
});

Deno.test("decodePicture() refuses corrupt pixels", async () => {
  const file = await encodePng(picture);
  file.fill(0x55, 60, file.length - 20);
  await assertRejects(() => decodePicture(file), PictureError, "The PNG is corrupt");
});

Deno.test("decodePicture() refuses a JPEG whose pixels end early, and goes on with the next", async () => {
  const file = await jpeg(ramp(64, 64));
  const cut = concat([file.subarray(0, Math.floor(file.length * 0.7)), file.subarray(file.length - 2)]);
  for (let i = 0; i < 3; i++) {
    await assertRejects(() => decodePicture(cut), PictureError, "The JPEG is corrupt: ");
    const { width, height, data } = await decodePicture(file);
    assertEquals([width, height], [64, 64]);
    assert(difference(data, (await decodeBuiltIn(file)).data) < 12, "only rounding may differ");
  }
});

Deno.test("decodePicture() refuses too many pixels before it decodes them", async () => {
  // A file of 1 kB that asks for 3.2 GB
  const bomb = png({ width: 30000, height: 27000, depth: 8, color: 0, rows: [[0]] });
  await assertRejects(
    () => decodePicture(bomb),
    PictureError,
    "The PNG has 30000x27000 pixels, more than the 134217728 allowed",
  );
  await assertRejects(() => decodePicture(bmp(picture), { maxPixels: 390 }), PictureError, "23x17 pixels");
  assertEquals((await decodePicture(bmp(picture), { maxPixels: 391 })).width, 23);
});

Deno.test("decodePicture() and encodePng() work without permissions", async () => {
  const mod = new URL("../../src/pictures/mod.ts", import.meta.url).href;
  const grayWithAlpha = png({
    width: 2,
    height: 1,
    depth: 16,
    color: 4,
    rows: [[7, 0, 255, 0, 9, 0, 128, 0]],
  });
  const onNative = new URL("../../src/host/on_native.ts", import.meta.url).href;
  const code = `
    import ${JSON.stringify(onNative)};
    import { decodePicture, encodePng } from ${JSON.stringify(mod)};
    const data = Uint8Array.of(1, 2, 3, 4, 250, 251, 252, 253);
    const png = await encodePng({ width: 2, height: 1, channels: 4, data });
    const jpeg = Uint8Array.from(atob("${
    btoa(String.fromCharCode(...await jpeg(picture)))
  }"), (c) => c.charCodeAt(0));
    const grayWithAlpha = Uint8Array.from(${JSON.stringify([...grayWithAlpha])});
    console.log(JSON.stringify([
      [...(await decodePicture(png)).data],
      (await decodePicture(jpeg)).width,
      [...(await decodePicture(grayWithAlpha)).data],
    ]));`;
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--no-lock",
      "--config",
      fileURLToPath(new URL("../../deno.json", import.meta.url)),
      "-",
    ],
    env: { NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stdin = child.stdin.getWriter();
  await stdin.write(new TextEncoder().encode(code));
  await stdin.close();
  const { stdout, stderr } = await child.output();
  const text = new TextDecoder().decode(stdout);
  assert(text !== "", new TextDecoder().decode(stderr));
  const [pixels, width, gray] = JSON.parse(text);
  assertEquals([pixels, width], [[1, 2, 3, 4, 250, 251, 252, 253], 23]);
  assertEquals(gray, [7, 7, 7, 255, 9, 9, 9, 128]);
});

Deno.test("decodePicture() throws nothing but PictureError, whatever is changed in a file", async () => {
  let state = 7;
  const random = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * below);
  };
  const plainWebp = await webp(picture);
  for (
    const file of [
      await jpeg(picture),
      await encodePng(picture),
      await gif(picture),
      plainWebp,
      webpWithOrientation(plainWebp, picture, 6),
    ]
  ) {
    for (let i = 0; i < 60; i++) {
      const changed = file.slice();
      for (let k = 0; k < 3; k++) changed[random(i % 2 ? file.length : 64)] = random(256);
      try {
        await decodePicture(changed);
      } catch (error) {
        assert(error instanceof PictureError && !error.message.includes("\n"), String(error));
      }
    }
  }
});
