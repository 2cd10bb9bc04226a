import "../../../src/host/on_native.ts";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { gifXmpExtension } from "../../../src/pictures/marks/gif_xmp.ts";
import { mp4XmpBox } from "../../../src/pictures/marks/mp4_xmp.ts";
import { markPng } from "../../../src/pictures/marks/png_mark.ts";
import { markOf } from "../../../src/pictures/marks/read_mark.ts";
import { DIGITAL_SOURCE_TYPE, xmpOf } from "../../../src/pictures/marks/xmp.ts";
import { pngChunks } from "../../../src/pictures/headers/png_header.ts";
import { decodePicture, encodePng, type Mark } from "../../../src/pictures/mod.ts";
import { ramp } from "../files.ts";

/** A mark with everything in it that a container could trip over. */
const mark: Mark = {
  software: 'a "program" <1> & more',
  description: "Gesichter: 64 Bilder, größer als ☃",
  made: { command: "sample", options: { text: "a\nb\t\u0000\"'<&>]]>", list: [1, 2.5, null], on: true } },
};

Deno.test("markPng() leaves the pixels, and markOf() reads the same mark", async () => {
  const png = await encodePng(ramp(20, 16));
  const marked = markPng(png, mark);
  assertEquals(markOf(marked), mark);
  assertEquals(markOf(png), undefined);
  assertEquals(await decodePicture(marked), await decodePicture(png));
  assertEquals(markPng(png, mark), marked);
});

Deno.test("markPng() says it in the keywords that viewers of PNGs show", async () => {
  const marked = markPng(await encodePng(ramp(20, 16)), mark);
  const texts = new Map(
    [...pngChunks(marked)].filter(({ type }) => type === "iTXt").map(({ start, end }) => {
      const [keyword, ...rest] = new TextDecoder().decode(marked.subarray(start + 8, end - 4)).split("\0");
      return [keyword, rest.slice(4).join("\0")];
    }),
  );
  assertEquals(texts.get("Software"), mark.software);
  assertEquals(texts.get("Description"), mark.description);
  assertEquals(JSON.parse(texts.get("dcgan")!), mark.made);
  assert(texts.get("XML:com.adobe.xmp")!.includes(`Iptc4xmpExt:DigitalSourceType="${DIGITAL_SOURCE_TYPE}"`));
});

Deno.test("xmpOf() is XML that holds the digital source type for generated media", () => {
  const xmp = xmpOf(mark);
  assert(
    xmp.includes('"http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"'),
  );
  // No character of XML is left bare in values
  for (const [, value] of xmp.matchAll(/="([^"]*)"/g)) assert(!/[<]/.test(value!), value);
});

Deno.test("markOf() reads the marks of a GIF and an MP4, and passes over other bytes", () => {
  const gif = Buffer.concat([
    Buffer.from("GIF89a\x01\0\x01\0\0\0\0", "latin1"),
    gifXmpExtension(xmpOf(mark)),
  ]);
  assertEquals(markOf(gif), mark);
  const box = (type: string, length: number) => {
    const bytes = Buffer.alloc(length);
    bytes.writeUInt32BE(length);
    bytes.write(type, 4);
    return bytes;
  };
  const mp4 = Buffer.concat([box("ftyp", 24), box("mdat", 100), mp4XmpBox(xmpOf(mark))]);
  assertEquals(markOf(mp4), mark);
  // Lengths that lead nowhere
  const broken = Buffer.concat([box("ftyp", 24), Buffer.from("\0\0\0\x03mdat\0\0\0\0\0\0\0\0", "latin1")]);
  for (
    const bytes of [broken, mp4.subarray(0, 130), gif.subarray(0, 60), new Uint8Array(), new Uint8Array(9)]
  ) {
    assertEquals(markOf(bytes), undefined);
  }
});

Deno.test("a GIF's XMP extension is skipped by readers that know nothing of it", () => {
  const extension = gifXmpExtension(xmpOf(mark));
  // Past the label of the application, a reader goes from length to length, whatever the packet's bytes are
  for (let start = 14; start < extension.length - 258; start++) {
    let at = start;
    while (extension[at] !== 0 && at < extension.length) at += 1 + extension[at]!;
    assert(at === extension.length - 1 || at === extension.length - 2, `from ${start} to ${at}`);
  }
});

Deno.test("markOf() rejects a mark that is damaged, and leaves those of other programs alone", async () => {
  const png = await encodePng(ramp(20, 16));
  const marked = Buffer.from(markPng(png, mark));
  const damaged = Buffer.from(marked.toString("latin1").replace("dcgan:made=", "dcgan:mode="), "latin1");
  assertThrows(() => markOf(damaged), SyntaxError, "Cannot read the mark: it lacks");
  const noJson = Buffer.from(marked.toString("latin1").replace('made="{', 'made="['), "latin1");
  assertThrows(() => markOf(noJson), SyntaxError, "Cannot read the mark");
  const other = Buffer.from(
    marked.toString("latin1").replaceAll("urn:dcgan:mark:1", "urn:other:mark:1"),
    "latin1",
  );
  assertEquals(markOf(other), undefined);
});
