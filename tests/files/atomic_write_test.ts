import "../../src/host/on_native.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { AtomicFile, writeFileAtomic } from "../../src/files/atomic_write.ts";

const old = new TextEncoder().encode("old");

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

Deno.test("writeFileAtomic() writes one piece or several, over what was there", () =>
  inFolder(async (folder) => {
    const path = `${folder}/file`;
    await writeFileAtomic(path, old);
    assertEquals(await Deno.readTextFile(path), "old");
    await writeFileAtomic(path, [old, new Uint8Array(0), new TextEncoder().encode(" and new")]);
    assertEquals(await Deno.readTextFile(path), "old and new");
    assertEquals(namesIn(folder), ["file"]);
  }));

Deno.test("writeFileAtomic() keeps the old file when the content fails on the way", () =>
  inFolder(async (folder) => {
    const path = `${folder}/file`;
    await writeFileAtomic(path, old);
    const failing = async function* () {
      yield new Uint8Array(1000);
      await Promise.resolve();
      throw new Error("source ran dry");
    };
    await assertRejects(
      () => writeFileAtomic(path, failing()),
      Error,
      `Cannot write ${path}: source ran dry`,
    );
    assertEquals(await Deno.readTextFile(path), "old");
    assertEquals(namesIn(folder), ["file"]);
  }));

Deno.test("writeFileAtomic() names the file when its folder is missing", () =>
  inFolder(async (folder) => {
    const path = `${folder}/missing/file`;
    await assertRejects(() => writeFileAtomic(path, old), Error, `Cannot write ${path}: `);
  }));

Deno.test("writeFileAtomic() removes its temporary file when the name is taken by a folder", () =>
  inFolder(async (folder) => {
    const path = `${folder}/taken`;
    await Deno.mkdir(path);
    await assertRejects(() => writeFileAtomic(path, old), Error, `Cannot write ${path}: `);
    assertEquals(namesIn(folder), ["taken"]);
  }));

Deno.test("writeFileAtomic() never shows a reader half a file", () =>
  inFolder(async (folder) => {
    const path = `${folder}/file`;
    const versions = [1, 2].map((byte) => new Uint8Array(1 << 20).fill(byte));
    await writeFileAtomic(path, versions[0]!);
    let writing = true;
    const writer = (async () => {
      for (let round = 0; round < 10; round++) await writeFileAtomic(path, versions[round % 2]!);
    })().finally(() => writing = false);
    while (writing) {
      const seen = await Deno.readFile(path);
      assertEquals(seen.length, 1 << 20);
      assertEquals(seen[0], seen.at(-1));
    }
    await writer;
  }));

Deno.test("AtomicFile with createNew replaces no file, whether it was there or came meanwhile", () =>
  inFolder(async (folder) => {
    const path = `${folder}/file`;
    {
      await using file = await AtomicFile.open(path, { createNew: true });
      assertEquals(namesIn(folder).length, 1);
      await file.write(new TextEncoder().encode("new"));
      await Deno.writeFile(path, old);
      await assertRejects(() => file.finish(), Deno.errors.AlreadyExists);
    }
    assertEquals(namesIn(folder), ["file"]);
    assertEquals(await Deno.readTextFile(path), "old");
    const toError = (cause: unknown): Error => new RangeError("it is there", { cause });
    await assertRejects(() => AtomicFile.open(path, { createNew: true, toError }), RangeError, "it is there");
    assertEquals(namesIn(folder), ["file"]);
    await Deno.remove(path);
    await using file = await AtomicFile.open(path, { createNew: true });
    await file.write(new TextEncoder().encode("new!"));
    await file.rewrite(new TextEncoder().encode("N"));
    await file.finish();
    assertEquals(await Deno.readTextFile(path), "New!");
    assertEquals(namesIn(folder), ["file"]);
  }));
