import { assertEquals, assertMatch, assertNotEquals, assertStringIncludes } from "@std/assert";
import { datasetFlagOf } from "../../../src/cli/arguments/dataset_flags.ts";
import { main } from "../../../src/cli/main.ts";
import { withFiles } from "../../datasets/support/folders.ts";
import { fakeTerminal } from "../terminal.ts";

const cli = new URL("../../../cli.ts", import.meta.url).pathname;

async function errorsOf(...words: string[]): Promise<string> {
  const terminal = fakeTerminal();
  assertEquals(await main(words, terminal), 2);
  return terminal.errors();
}

Deno.test("datasets refuses a command that is none, and says which was meant", async () => {
  assertMatch(
    await errorsOf("datasets", "previw", "faces"),
    /"datasets previw" is not a command \(did you mean "preview"\?\): allowed are list, /,
  );
});

Deno.test("datasets preview and pack refuse a folder that is not there before they read", async () => {
  await withFiles({ "a.txt": new Uint8Array(1) }, async (folder) => {
    assertMatch(
      await errorsOf("datasets", "preview", "faces", "--out", `${folder}/none/grid.png`),
      /--out must be in an existing folder, found nothing at/,
    );
    assertMatch(
      await errorsOf("datasets", "pack", "faces", "--out", `${folder}/a.txt/set.npy`),
      /--out must be in an existing folder, found a file at/,
    );
  });
});

Deno.test("datasets preview and pack replace files only with --overwrite", async () => {
  const old = new Uint8Array([1, 2, 3]);
  await withFiles({ "grid.png": old, "set.npy": old, "new.labels.json": old }, async (folder) => {
    for (
      const [command, out, kept] of [
        ["preview", "grid.png", "grid.png"],
        ["pack", "set.npy", "set.npy"],
        ["pack", "new.npy", "new.labels.json"],
      ] as const
    ) {
      const words = [
        "--overwrite",
        "faces",
        "--data-length",
        "2",
        "--size",
        "8",
        "--out",
        `${folder}/${out}`,
      ];
      assertStringIncludes(
        await errorsOf("datasets", command, ...words.slice(1)),
        `--out must be a new file, found "${folder}/${kept}", which already exists.`,
      );
      assertEquals(await Deno.readFile(`${folder}/${kept}`), old);
      assertEquals(await main(["datasets", command, ...words], fakeTerminal()), 0);
      assertNotEquals(await Deno.readFile(`${folder}/${kept}`), old);
    }
  });
});

Deno.test("datasets pack replaces files that it may not read only with --overwrite", async () => {
  for (const kept of ["set.npy", "set.labels.json"]) {
    await withFiles({ [kept]: "old" }, async (folder) => {
      const permissions = ["--no-prompt", "-A", `--deny-read=${folder}/${kept}`];
      const words = [
        "datasets",
        "pack",
        "faces",
        "--data-length",
        "2",
        "--size",
        "8",
        "--out",
        `${folder}/set.npy`,
      ];
      const run = async (...more: string[]) =>
        await new Deno.Command(Deno.execPath(), { args: ["run", ...permissions, cli, ...words, ...more] })
          .output();
      const { code, stderr } = await run();
      assertEquals(code, 1);
      assertStringIncludes(
        new TextDecoder().decode(stderr),
        `"${folder}/${kept}" must be a new file, found one there already. Name another one, or replace it with --overwrite`,
      );
      assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), [kept]);
      assertEquals(await Deno.readTextFile(`${folder}/${kept}`), "old");
      assertEquals((await run("--overwrite")).code, 0);
      assertNotEquals(await Deno.readTextFile(`${folder}/${kept}`), "old");
    });
  }
});

Deno.test("--mirror takes the URL of a server alone", async () => {
  assertMatch(
    await errorsOf("train", "--mirror", "mirror"),
    /'mirror' is invalid. It must be the URL of a folder, http:\/\/ or https:/,
  );
});

Deno.test("datasetFlagOf() makes one word of each name in small letters", () => {
  for (
    const [option, flag] of [
      ["hair_color", "--data-hair-color"],
      ["hairColor", "--data-hair-color"],
      ["Split", "--data-split"],
    ] as const
  ) assertEquals(datasetFlagOf(option), flag);
});

const ignore = Deno.build.os === "windows"; // where a process cannot be sent Ctrl-C

Deno.test({
  name: "datasets preview, pack and verify end by Ctrl-C, also where a plugin does not",
  ignore,
  async fn() {
    const cli = new URL("../../../cli.ts", import.meta.url).pathname;
    const hanging = `export default { apiVersion: 1, name: "stuck", open: ({ size, report }) => ({
      length: 5, shape: [size, size, 1],
      read() { report("reading"); return new Promise((_, no) => setTimeout(no, 60_000)); } }) };`;
    await withFiles({ "stuck.ts": hanging }, async (folder) => {
      for (const command of ["preview", "pack", "verify"]) {
        const child = new Deno.Command(Deno.execPath(), {
          args: ["run", "--quiet", "-A", "--no-lock", cli, "datasets", command, "./stuck.ts"],
          cwd: folder,
          stdout: "piped",
          stderr: "piped",
        }).spawn();
        const errors = new Response(child.stderr).text();
        let told = "";
        for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
          if (!told.includes("reading") && (told + text).includes("reading")) child.kill("SIGINT");
          told += text;
        }
        assertEquals([(await child.status).code, await errors], [130, ""], told);
        const remains = command === "pack" ? "Stopping, no file will be written" : "Stopping";
        assertStringIncludes(told, `${remains}. Press Ctrl-C again to stop at once.\n`);
      }
      assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["stuck.ts"]);
    });
  },
});

Deno.test({
  name: "datasets info and verify end by Ctrl-C in work that waits for nothing",
  ignore,
  async fn() {
    const cli = new URL("../../../cli.ts", import.meta.url).pathname;
    // No check looks at that one: it tells that the set is gone through from end to end
    const busy = `
      const work = (index) => {
        if (index === 6401) console.log("working");
        for (const end = performance.now() + 0.01; performance.now() < end;);
      };
      export default { apiVersion: 1, name: "busy", open: ({ size }) => ({
        length: 2_000_000, shape: [size, size, 1],
        labels: { place: { at: (index) => (work(index), index) } },
        read: (indices, into) => {
          for (let i = 0; i < into.length; i++) into[i] = (i % size ** 2 * 7 + indices[Math.floor(i / size ** 2)] * 31) % 251;
        } }) };`;
    await withFiles({ "busy.ts": busy }, async (folder) => {
      for (const command of ["info", "verify"]) {
        const child = new Deno.Command(Deno.execPath(), {
          args: ["run", "--quiet", "-A", "--no-lock", cli, "datasets", command, "./busy.ts"],
          cwd: folder,
          stdout: "piped",
          stderr: "piped",
        }).spawn();
        const errors = new Response(child.stderr).text();
        const killer = setTimeout(() => child.kill("SIGKILL"), 10_000);
        let told = "";
        for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
          told += text;
          if (told.includes("working") && !told.includes("Stopping")) child.kill("SIGINT");
        }
        clearTimeout(killer);
        assertEquals([(await child.status).code, await errors], [130, ""], told);
        assertStringIncludes(told, "Stopping. Press Ctrl-C again to stop at once.\n");
      }
    });
  },
});
