/** What every host must do. It uses nothing but JavaScript, as it runs in Deno, in Node and in a page. */
import { type FileProblem, type Host, type HostFile, SeekMode, UnpackError } from "../../src/host/host.ts";

/** What every host must do, in a folder of its own. */
export const promises: Readonly<Record<string, (host: Host, folder: string) => Promise<void>>> = {
  "writes, reads and lists files": async (host, folder) => {
    await host.mkdir(`${folder}/a/b`, { recursive: true });
    await host.mkdir(`${folder}/a/b`, { recursive: true });
    await host.writeTextFile(`${folder}/a/text`, "für alle");
    await host.writeFile(`${folder}/a/b/bytes`, Uint8Array.of(1, 2, 3));
    assertEquals(await host.readTextFile(`${folder}/a/text`), "für alle");
    assertEquals([...await host.readFile(`${folder}/a/b/bytes`)], [1, 2, 3]);
    const there = (await Array.fromAsync(host.readDir(`${folder}/a`)))
      .map(({ name, isFile, isDirectory }) => `${name} ${isFile} ${isDirectory}`).sort();
    assertEquals(there, ["b false true", "text true false"]);
    const { size, isFile, mtime } = await host.stat(`${folder}/a/text`);
    assertEquals([size, isFile, mtime instanceof Date], [9, true, true]);
    assert((await host.lstat(`${folder}/a`)).isDirectory);
  },

  "reads and writes an open file anywhere": async (host, folder) => {
    const path = `${folder}/open`;
    {
      using file = await host.open(path, { write: true, createNew: true });
      await writeAll(file, Uint8Array.of(1, 2, 3, 4, 5));
      await file.seek(1, SeekMode.Start);
      await writeAll(file, Uint8Array.of(9));
      await file.sync();
      assertEquals((await file.stat()).size, 5);
      await file.truncate(4);
    }
    {
      using file = await host.open(path, { write: true, create: true });
      assertEquals(await file.seek(0, SeekMode.End), 4);
      await writeAll(file, Uint8Array.of(7, 7));
      await file.seek(-1, SeekMode.Current);
      await writeAll(file, Uint8Array.of(8));
    }
    assertEquals([...await host.readFile(path)], [1, 9, 3, 4, 7, 8]);
    using file = await host.open(path);
    const bytes = new Uint8Array(4);
    await file.seek(4, SeekMode.Start);
    assertEquals([await file.read(bytes), ...bytes.subarray(0, 2)], [2, 7, 8]);
    assertEquals(await file.read(bytes), null);
    await host.truncate(path, 2);
    const reading = await host.open(path);
    assertEquals([...await new Response(reading.readable).bytes()], [1, 9]);
    (await host.open(path, { write: true, truncate: true })).close();
    assertEquals((await host.stat(path)).size, 0);
  },

  "gives names to files and folders, over what has them": async (host, folder) => {
    await host.writeTextFile(`${folder}/new.tmp`, "new");
    await host.writeTextFile(`${folder}/name`, "old");
    await host.rename(`${folder}/new.tmp`, `${folder}/name`);
    assertEquals(await host.readTextFile(`${folder}/name`), "new");
    await assertProblem(host, () => host.stat(`${folder}/new.tmp`), "NotFound");
    await host.mkdir(`${folder}/.step.tmp/inner`, { recursive: true });
    await host.writeTextFile(`${folder}/.step.tmp/inner/file`, "kept");
    await host.rename(`${folder}/.step.tmp`, `${folder}/step`);
    assertEquals(await host.readTextFile(`${folder}/step/inner/file`), "kept");
    await assertProblem(host, () => host.stat(`${folder}/.step.tmp`), "NotFound");
    await host.syncFolder(folder);
  },

  "removes files, and folders if asked": async (host, folder) => {
    await host.mkdir(`${folder}/full/inner`, { recursive: true });
    await host.writeTextFile(`${folder}/full/inner/file`, "");
    assert(await host.remove(`${folder}/full`).then(() => false, () => true), "a full folder stays");
    await host.remove(`${folder}/full`, { recursive: true });
    await assertProblem(host, () => host.stat(`${folder}/full`), "NotFound");
    await host.writeTextFile(`${folder}/file`, "");
    host.removeSync(`${folder}/file`);
    await assertProblem(host, () => host.stat(`${folder}/file`), "NotFound");
    await host.mkdir(`${folder}/empty`);
    await host.remove(`${folder}/empty`);
  },

  "tells what is wrong": async (host, folder) => {
    await host.writeTextFile(`${folder}/file`, "");
    await assertProblem(host, () => host.readFile(`${folder}/no`), "NotFound");
    await assertProblem(
      host,
      () => host.open(`${folder}/no/file`, { write: true, create: true }),
      "NotFound",
    );
    await assertProblem(host, () => Array.fromAsync(host.readDir(`${folder}/no`)), "NotFound");
    await assertProblem(host, () => host.remove(`${folder}/no`), "NotFound");
    await assertProblem(host, () => host.rename(`${folder}/no`, `${folder}/other`), "NotFound");
    const createNew = { write: true, createNew: true };
    await assertProblem(host, () => host.open(`${folder}/file`, createNew), "AlreadyExists");
    await assertProblem(host, () => host.mkdir(`${folder}/file`), "AlreadyExists");
    await assertProblem(host, () => host.readFile(`${folder}/file/no`), "NotADirectory");
    assertEquals(host.problemOf(new Error("another")), undefined);
    assertEquals(host.problemOf("text"), undefined);
  },

  "keeps a locked file to one": async (host, folder) => {
    const path = `${folder}/.lock`;
    const open = () => host.open(path, { write: true, create: true });
    const first = await open();
    using second = await open();
    assertEquals([await first.tryLock(true), await second.tryLock(true)], [true, false]);
    assertEquals(await second.tryLock(false), false);
    first.close();
    using third = await open();
    // A moment may pass until others may have it
    for (let tries = 0; !await third.tryLock(true); tries++) {
      assert(tries < 50);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  },

  "has checksums": (host) => {
    const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assertEquals(host.sha256().update("a").update(Uint8Array.of(98, 99)).digest("hex"), abc);
    assertEquals(host.sha256().digest("base64"), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    assertEquals(host.crc32(new TextEncoder().encode("123456789")), 0xcbf43926);
    assertEquals(host.crc32("6789", host.crc32("12345")), 0xcbf43926);
    return Promise.resolve();
  },

  "unpacks bytes": async (host) => {
    const plain = Uint8Array.from({ length: 600_000 }, (_, i) => (i * i) >> 7);
    for (
      const [format, name] of [["zlib", "deflate"], ["deflate", "deflate-raw"], ["gzip", "gzip"]] as const
    ) {
      const packed = await new Response(
        new Blob([plain]).stream().pipeThrough(new CompressionStream(name)),
      ).bytes();
      assertEquals(same(host.unpack(packed, format), plain), true);
      assertEquals(same(host.unpack(packed, format, { most: plain.length }), plain), true);
      assertUnpackError(() => host.unpack(packed, format, { most: 1000 }), "too long");
      assertUnpackError(() => host.unpack(packed.subarray(0, packed.length >> 1), format), "ends early");
      assertUnpackError(() => host.unpack(Uint8Array.of(120, 156, 7, 7, 7, 7), format), "damaged");
      const start = host.unpack(packed.subarray(0, packed.length >> 1), format, { mayEndEarly: true });
      assert(start.length > 1000 && same(start, plain.subarray(0, start.length)));
      if (format !== "zlib") continue;
      const pieces = [packed.subarray(0, 100), packed.subarray(100), Uint8Array.of(1, 2, 3)];
      const unpacked = await Array.fromAsync(host.unpackPieces(pieces));
      assertEquals(same(await new Blob(unpacked as BlobPart[]).bytes(), plain), true);
      const early = await Array.fromAsync(host.unpackPieces([packed.subarray(0, 100)])).catch((error) =>
        error
      );
      assertEquals(early instanceof UnpackError && early.kind, "ends early");
    }
  },

  "knows paths": (host) => {
    const { path } = host;
    assertEquals(path.join("a", "..", "b", "c.png").split(path.sep), ["b", "c.png"]);
    assertEquals([path.basename("a/b.png", ".png"), path.dirname("a/b"), path.extname("b.png")], [
      "b",
      "a",
      ".png",
    ]);
    assert(path.isAbsolute(path.resolve("x")) && !path.isAbsolute("x"));
    assertEquals(path.relative(path.resolve("x"), path.resolve("x/y")), "y");
    return Promise.resolve();
  },
};

async function writeAll(file: HostFile, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) done += await file.write(bytes.subarray(done));
}

async function assertProblem(
  host: Host,
  work: () => Promise<unknown>,
  problem: FileProblem,
): Promise<void> {
  const error = await work().then(() => undefined, (error) => error);
  assertEquals(host.problemOf(error), problem, `${error}`);
}

function assertUnpackError(work: () => unknown, kind: UnpackError["kind"]): void {
  let error: unknown;
  try {
    work();
  } catch (thrown) {
    error = thrown;
  }
  assertEquals(error instanceof UnpackError ? error.kind : `${error}`, kind);
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

function assertEquals(found: unknown, wanted: unknown, what = ""): void {
  const [one, other] = [found, wanted].map((value) =>
    JSON.stringify(value, (_, inner) => inner ?? `${inner}`)
  );
  if (one !== other) throw new Error(`${what} must be ${other}, found ${one}`);
}

function assert(holds: boolean, what = "it"): asserts holds {
  if (!holds) throw new Error(`${what} must hold`);
}
