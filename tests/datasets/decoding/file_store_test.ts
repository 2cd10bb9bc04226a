import "../../../src/host/on_native.ts";
import { assertEquals, assertMatch } from "@std/assert";
import { dirname } from "node:path";
import { FileStore, type FileStoreSource } from "../../../plugins/datasets/decoding/file_store.ts";
import { MemoryStore, type PictureStore } from "../../../plugins/datasets/decoding/picture_store.ts";

const source: FileStoreSource = { fingerprint: "these files", length: 6, each: 48 };
const HEADER = 4096;
const RECORD = 4 + source.each;

const image = (index: number) => Uint8Array.from({ length: source.each }, (_, i) => index * 31 + i);

/** Which of the images a store gives, all of which must be right. */
function there(store: PictureStore): number[] {
  const into = new Uint8Array(source.each);
  return Array.from({ length: source.length }, (_, index) => index).filter((index) => {
    if (!store.get(index, into)) return false;
    assertEquals(into, image(index));
    return true;
  });
}

async function withPath(body: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await body(`${folder}/cache/a.pixels`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A file that holds images 1, 2 and 4. */
async function fill(path: string): Promise<void> {
  using store = await open(path);
  for (const index of [4, 1, 2]) store.put(index, image(index));
}

function open(path: string, of: FileStoreSource = source): Promise<FileStore> {
  return FileStore.open(path, of, (message) => {
    throw new Error(message);
  });
}

Deno.test("MemoryStore keeps the images of the lowest indices", () => {
  using store = new MemoryStore(3, source.each);
  for (const index of [2, 3, 0]) store.put(index, image(index));
  assertEquals(there(store), [0, 2]);
});

Deno.test("FileStore keeps images for whoever opens the file later", async () => {
  await withPath(async (path) => {
    await fill(path);
    using store = await open(path);
    assertEquals(there(store), [1, 2, 4]);
    using other = await open(path);
    other.put(0, image(0));
    assertEquals(there(store), [0, 1, 2, 4]);
  });
});

Deno.test("FileStore begins anew where the file is of something else, or is no such file", async () => {
  await withPath(async (path) => {
    const others = [{ ...source, fingerprint: "other files" }, { ...source, length: 7 }, {
      ...source,
      each: 12,
    }];
    for (const other of others) {
      await fill(path);
      using store = await open(path, other);
      assertEquals(store.get(1, new Uint8Array(other.each)), false);
    }
    for (
      const content of [new Uint8Array(), new Uint8Array(10_000).fill(7), new TextEncoder().encode("GIF89a")]
    ) {
      await Deno.writeFile(path, content);
      using store = await open(path);
      assertEquals(there(store), []);
    }
    const left = (await Array.fromAsync(Deno.readDir(dirname(path)))).map(({ name }) => name);
    assertEquals(left, ["a.pixels"]);
  });
});

Deno.test("FileStore gives no image that was changed, moved or cut", async (t) => {
  const cases: [string, (bytes: Uint8Array) => Uint8Array, number[]][] = [
    ["one bit", (bytes) => change(bytes, HEADER + RECORD + 20, (byte) => byte ^ 1), [2, 4]],
    ["a checksum", (bytes) => change(bytes, HEADER + 2 * RECORD, (byte) => byte + 1), [1, 4]],
    ["the end", (bytes) => bytes.subarray(0, bytes.length - 1), [1, 2]],
    ["half of the file", (bytes) => bytes.subarray(0, HEADER + 2 * RECORD + 9), [1]],
    ["a record in another's place", (bytes) => {
      bytes.copyWithin(HEADER, HEADER + RECORD, HEADER + 2 * RECORD);
      return bytes;
    }, [1, 2, 4]],
    ["the header", (bytes) => change(bytes, 30, (byte) => byte ^ 8), []],
    ["zeros everywhere", (bytes) => bytes.fill(0, HEADER), []],
  ];
  for (const [name, tamper, left] of cases) {
    await t.step(name, async () => {
      await withPath(async (path) => {
        await fill(path);
        await Deno.writeFile(path, tamper(await Deno.readFile(path)));
        using store = await open(path);
        assertEquals(there(store), left);
        for (let index = 0; index < source.length; index++) store.put(index, image(index));
        assertEquals(there(store), [0, 1, 2, 3, 4, 5]);
      });
    });
  }
});

Deno.test("FileStore leaves a file alone that is in use, when it begins anew", async () => {
  await withPath(async (path) => {
    await fill(path);
    using old = await open(path);
    using store = await open(path, { ...source, fingerprint: "newer files" });
    store.put(3, image(3));
    old.put(5, image(5));
    assertEquals(there(old), [1, 2, 4, 5]);
    assertEquals(there(store), [3]);
  });
});

Deno.test("FileStore tells once where there is no more room, and goes on without", async () => {
  if (Deno.build.os === "windows") return;
  await withPath(async (path) => {
    const module = new URL("../../../plugins/datasets/decoding/file_store.ts", import.meta.url).href;
    const onNative = new URL("../../../src/host/on_native.ts", import.meta.url).href;
    const code = `
      import ${JSON.stringify(onNative)};
      import { FileStore } from ${JSON.stringify(module)};
      const said = [];
      const of = { fingerprint: "x", length: 99, each: 4096 };
      using store = await FileStore.open(${JSON.stringify(path)}, of, (message) => said.push(message));
      for (let index = 0; index < 99; index++) store.put(index, new Uint8Array(4096).fill(index));
      const into = new Uint8Array(4096);
      console.log(JSON.stringify([said, [0, 1, 98].map((index) => store.get(index, into))]));`;
    // Files of 64 KiB at most (32 where the shell counts in 512 bytes); its signal would end the process
    const command = `trap "" XFSZ; ulimit -f 64; exec "$0" eval "$1"`;
    const { stdout, stderr } = await new Deno.Command("sh", { args: ["-c", command, Deno.execPath(), code] })
      .output();
    assertEquals(new TextDecoder().decode(stderr), "");
    const [said, found] = JSON.parse(new TextDecoder().decode(stdout));
    assertEquals(found, [true, true, false]);
    assertEquals(said.length, 1);
    assertMatch(said[0], /^Decoded pictures are no longer kept, as ".+" cannot be written: File too large/);
  });
});

function change(bytes: Uint8Array, at: number, by: (byte: number) => number): Uint8Array {
  bytes[at] = by(bytes[at]!);
  return bytes;
}
