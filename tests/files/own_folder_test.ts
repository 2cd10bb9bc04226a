import "../../src/host/on_native.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { checkOwnFolder, isWithin, makeOwnFolder, openOwnFile } from "../../src/files/own_folder.ts";

/** Calls `body` with a folder of its own. */
async function withFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A test of what Windows has not: modes, owners, pipes. */
function unixTest(name: string, body: (folder: string) => Promise<void>): void {
  Deno.test({ name, ignore: Deno.build.os === "windows", fn: () => withFolder(body) });
}

unixTest("makeOwnFolder() makes folders that nobody else may enter", async (folder) => {
  await makeOwnFolder(`${folder}/a/b`, `${folder}/a`);
  for (const path of ["a", "a/b"]) assertEquals((await Deno.stat(`${folder}/${path}`)).mode! & 0o777, 0o700);
  await makeOwnFolder(`${folder}/a/b`, `${folder}/a`);
});

unixTest("makeOwnFolder() follows no link below the folder that was named", async (folder) => {
  await Deno.mkdir(`${folder}/elsewhere`);
  await Deno.symlink(`${folder}/elsewhere`, `${folder}/top`);
  await makeOwnFolder(`${folder}/top/a`, `${folder}/top`);
  await Deno.symlink(`${folder}/elsewhere`, `${folder}/top/link`);
  for (const path of ["top/link", "top/link/b"]) {
    await assertRejects(
      () => makeOwnFolder(`${folder}/${path}`, `${folder}/top`),
      Error,
      `top/link" must be a real folder, found a link`,
    );
  }
  await checkOwnFolder(`${folder}/top/link/b`, `${folder}/top`);
  assertEquals([...Deno.readDirSync(`${folder}/elsewhere`)].map(({ name }) => name).sort(), ["a", "link"]);
});

unixTest(
  "checkOwnFolder() and makeOwnFolder() refuse a folder that everybody may write to",
  async (folder) => {
    const path = `${folder}/open`;
    await Deno.mkdir(`${path}/a`, { recursive: true });
    await Deno.chmod(path, 0o777);
    for (const use of [checkOwnFolder, makeOwnFolder]) {
      await assertRejects(() => use(`${path}/a`, path), Error, "may be written by everybody");
    }
    await checkOwnFolder(`${folder}/nothing/here`, folder);
  },
);

unixTest("checkOwnFolder() and makeOwnFolder() refuse a folder of another user", async (folder) => {
  // Only the administrator can give folders away
  if (Deno.uid() !== 0) return console.log("skipped: this takes the rights of an administrator");
  await Deno.mkdir(`${folder}/cache/a`, { recursive: true });
  await Deno.chown(`${folder}/cache`, 65534, 65534);
  for (const use of [checkOwnFolder, makeOwnFolder]) {
    const { message } = await assertRejects(() => use(`${folder}/cache/a`, `${folder}/cache`), Error);
    assertStringIncludes(message, `cache" belongs to another user (65534, not 0)`);
  }
});

unixTest("openOwnFile() opens and makes regular files, and nothing else", async (folder) => {
  const path = `${folder}/a`;
  for (const length of [0, 3]) {
    using file = await openOwnFile(path);
    assertEquals((await file.stat()).size, length, "nothing is cut off");
    await file.write(new Uint8Array(3));
  }
  await Deno.mkdir(`${folder}/folder`);
  await Deno.symlink(path, `${folder}/link`);
  await Deno.symlink(`${folder}/nothing`, `${folder}/dangling`);
  await new Deno.Command("mkfifo", { args: [`${folder}/pipe`] }).output();
  const kinds = { folder: "a folder", link: "a link", dangling: "a link", pipe: "a pipe" };
  for (const [name, kind] of Object.entries(kinds)) {
    const { message } = await assertRejects(() => openOwnFile(`${folder}/${name}`), Error);
    assertStringIncludes(message, `${name}" must be a regular file, found ${kind}: remove it`);
  }
  await assertRejects(() => Deno.lstat(`${folder}/nothing`), Deno.errors.NotFound);
});

Deno.test("isWithin() goes by whole names", () => {
  assert(isWithin("/a/b", "/a") && isWithin("/a", "/a") && isWithin("/a/..b", "/a"));
  assert(!isWithin("/ab", "/a") && !isWithin("/a/../b", "/a") && !isWithin("/", "/a"));
});
