import "../../src/host/on_native.ts";
import { assert, assertEquals } from "@std/assert";
import { fileKind } from "../../src/pictures/mod.ts";

/** Bytes as text, a letter for each. */
const bytes = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

Deno.test("fileKind() tells kinds by their first bytes, with what to do", () => {
  const cases: [start: string, name: string][] = [
    ["", "an empty file"],
    ["\xff\xd8\xff\xe0\0\x10JFIF", "a JPEG picture"],
    ["\x89PNG\r\n\x1a\n\0\0", "a PNG picture"],
    ["GIF89a\x01\0", "a GIF picture"],
    ["RIFF\x10\0\0\0WEBPVP8 ", "a WebP picture"],
    ["BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0", "a BMP picture"],
    ["MM\0*\0\0\0\x08", "a TIFF picture"],
    ["\0\0\0\x20ftypavif", "an AVIF picture"],
    ["\0\0\0\x18ftypheic", "a HEIC picture"],
    ["\0\0\0\x18ftypmif1", "a HEIC or AVIF picture"],
    ["\0\0\0\x20ftypisom", "a video"],
    ["\0\0\0\x0cJXL \r\n\x87\n", "a JPEG XL picture"],
    ["\0\0\0\x0cjP  \r\n\x87\n", "a JPEG 2000 picture"],
    ['<?xml version="1.0"?>\n<!-- drawn -->\n<svg xmlns="', "an SVG picture"],
    ["P6\n# a comment\n2 2\n255\n\0\0\0", "a PPM, PGM or PBM picture"],
    ["P5\n2 2 255 ", "a PPM, PGM or PBM picture"],
    ["%PDF-1.7\n", "a PDF"],
    ["PK\x03\x04\x14\0", "a zip"],
    ["\x1f\x8b\x08\0", "a gzip"],
    ["7z\xbc\xaf\x27\x1c\0\x04", "a 7z archive"],
    ["Rar!\x1a\x07\x01\0", "a RAR archive"],
    ["BZh91AY&SY\x01", "a file packed with bzip2"],
    ["\xfd7zXZ\0\0\x04", "a file packed with xz"],
    ["\x28\xb5\x2f\xfd\x04", "a file packed with Zstandard"],
    ["\x04\x22\x4d\x18\x64", "a file packed with LZ4"],
    ["\x93NUMPY\x01\0", "an array of NumPy"],
    ["PAR1\x15\x04", "a Parquet file"],
    ["\x89HDF\r\n\x1a\n\0", "an HDF5 file"],
    ["\0\0\x08\x03\0\0\0\x0a", "an IDX file, the format of MNIST"],
    ["\x80\x04\x95\0\0\0", "a pickle of Python"],
    ["version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "a Git LFS pointer"],
    ["<!DOCTYPE html><html>", "a web page"],
    ["\xef\xbb\xbf\n <HTML lang=en>", "a web page"],
    ["<!-- saved from -->\n<head>", "a web page"],
    ["\xff\xfe<\0h\0t\0m\0l\0>\0", "a web page"],
    ['{"error": "not found"}', "JSON"],
    ["<Error><Code>AccessDenied</Code>", "XML"],
    ["name,label\n1.jpg,cat\n", "a table of text"],
    [`${"pixel,".repeat(90)}`, "a table of text"],
    ["BMW is a car", "a text file"],
    ["caf\xc3\xa9", "a text file"],
  ];
  for (const [start, name] of cases) assertEquals(fileKind(bytes(start))?.name, name, JSON.stringify(start));
  for (const other of ["\0\x01\x02\x03", "\xc3\x28", "BM\x01", "\x07text"]) {
    assertEquals(fileKind(bytes(other)), undefined, JSON.stringify(other));
  }
  // Nothing that a stranger writes takes long
  for (const part of ["<!---->", "<!-- --> ", "# \n", " \n", "<?xml >", "P6\n#\n"]) {
    const before = performance.now();
    fileKind(bytes(`${part.startsWith("#") ? "P6 " : ""}${part.repeat(100)}!`));
    assert(performance.now() - before < 1000, part);
  }
  const tar = `%PDF-or-not.png${"\0".repeat(242)}ustar\0`;
  assertEquals(fileKind(bytes(tar))?.name, "a tar");
});

Deno.test("fileKind() takes a letter that the end cuts for text", () => {
  const text = new TextEncoder().encode("é".repeat(400)).subarray(0, 511);
  assertEquals(fileKind(text)?.name, "a text file");
  assert(fileKind(bytes("7z\xbc\xaf\x27\x1c"))?.advice.startsWith("unpack it"));
});
