import "../../../src/host/on_native.ts";
import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { dirname } from "node:path";
import { crc32, deflateRawSync } from "node:zlib";
import { DatasetError } from "../../../plugins/datasets/contract.ts";
import { bytesInMemory } from "../../../plugins/datasets/formats/byte_source.ts";
import { type FilePart, readPart } from "../../../plugins/datasets/sources/file_part.ts";
import { openSource } from "../../../plugins/datasets/sources/open_source.ts";
import { concat } from "../../pictures/files.ts";
import { zip } from "../support/zip_file.ts";

const signal = new AbortController().signal;
const data = Uint8Array.from({ length: 500 }, (_, i) => i * i);

Deno.test("readPart() reads parts of files, and members of zips", async () => {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeFile(path, data);
    assertEquals(readPart({ path, offset: 10, size: 20 }), data.slice(10, 30));
    assertEquals(readPart({ path, offset: 490, size: 10 }), data.slice(490));
    assertThrows(
      () => readPart({ path, offset: 490, size: 11 }),
      DatasetError,
      "It cannot be read: 11 bytes",
    );
    assertThrows(
      () => readPart({ path: `${path}.gone`, offset: 0, size: 1 }),
      DatasetError,
      "cannot be opened",
    );
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("readPart() gives what a zip's directory says, or nothing", () => {
  const file = bytesInMemory(concat([Uint8Array.of(9), zip([{ name: "a", data, method: 8 }])]));
  const size = deflateRawSync(data).length;
  const packed = { deflated: true, size: data.length, crc32: crc32(data) };
  const part: FilePart = { path: "", offset: 1, size, packed };
  assertEquals(readPart(part, file), data);
  const cases: [Partial<FilePart>, string][] = [
    [{ offset: 0 }, "It does not start at the offset in the zip's directory"],
    [{ size: size - 9 }, "It cannot be read: unexpected end of file"],
    [{ size: 1e9 }, "It cannot be read: 1000000000 bytes"],
    [{ packed: { ...packed, size: 499 } }, "It unpacks to more than the 499 bytes that the zip says it has"],
    [{ packed: { ...packed, size: 501 } }, "It unpacks to 500 bytes, not the 501"],
    [{ packed: { ...packed, size: 0 } }, "It unpacks to more than the 0 bytes"],
    [{ packed: { ...packed, crc32: 1 } }, "It is damaged: its checksum does not match"],
    [{ packed: { ...packed, deflated: false } }, `It unpacks to ${size} bytes, not the 500`],
  ];
  for (const [change, message] of cases) {
    assertThrows(() => readPart({ ...part, ...change }, file), DatasetError, message);
  }
});

Deno.test("sources have another fingerprint once a file of theirs is another", async () => {
  const root = await Deno.makeTempDir();
  try {
    const write = async (content: Uint8Array) => {
      await Deno.mkdir(`${root}/folder`, { recursive: true });
      await Deno.writeFile(`${root}/folder/a.png`, content);
      await Deno.writeFile(`${root}/a.zip`, zip([{ name: "a.png", data: content }]));
    };
    const fingerprints = async () =>
      await Promise.all(["folder", "a.zip"].map(async (name) => {
        const source = await openSource(`${root}/${name}`, signal);
        const fingerprint = await source.fingerprint(source.names, signal);
        await source.close();
        return fingerprint;
      }));
    await write(data);
    const before = await fingerprints();
    assertEquals(await fingerprints(), before);
    await write(data.slice(1));
    for (const [i, fingerprint] of (await fingerprints()).entries()) assertNotEquals(fingerprint, before[i]);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("folders have the same names in whatever order a disk lists them", async () => {
  const root = await Deno.makeTempDir();
  const { readDir } = Deno;
  try {
    for (const name of ["m/one/1.png", "m/one/deep/2.png", "z/3.png", "b.png"]) {
      await Deno.mkdir(dirname(`${root}/set/${name}`), { recursive: true });
      await Deno.writeFile(`${root}/set/${name}`, data);
    }
    await Deno.mkdir(`${root}/far/deep`, { recursive: true });
    await Deno.writeFile(`${root}/far/4.png`, data);
    await Deno.writeFile(`${root}/far/deep/5.png`, data);
    const links = {
      "a": "../set/m",
      "zz": "..",
      "m/up": "../..",
      "m/one/far": "../../../far",
      "x": "../far/deep",
      "y": "../far/deep",
    };
    for (const [name, target] of Object.entries(links)) {
      await Deno.symlink(`${root}/set/${dirname(name)}/${target}`, `${root}/set/${name}`);
    }
    const backwards = (name: string) => [...name].reverse().join("");
    const orders: ((a: string, b: string) => boolean)[] = [
      (a, b) => a < b,
      (a, b) => a > b,
      (a, b) => backwards(a) < backwards(b),
    ];
    for (const isBefore of orders) {
      Deno.readDir = async function* (path) {
        const entries = await Array.fromAsync(readDir(path));
        entries.sort((a, b) => isBefore(a.name, b.name) ? -1 : 1);
        yield* entries;
      };
      const source = await openSource(`${root}/set`, signal);
      assertEquals(source.names, [
        "b.png",
        "m/one/1.png",
        "m/one/deep/2.png",
        "m/one/far/4.png",
        "m/one/far/deep/5.png",
        "z/3.png",
      ]);
      await source.close();
    }
  } finally {
    Deno.readDir = readDir;
    await Deno.remove(root, { recursive: true });
  }
});
