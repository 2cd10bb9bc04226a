import { assertEquals, assertMatch } from "@std/assert";
import { datasetFlagOf } from "../../../src/cli/dataset_flags.ts";
import { main } from "../../../src/cli/main.ts";
import { withFiles } from "../../datasets/support/folders.ts";
import { fakeTerminal } from "../terminal.ts";

async function errorsOf(...words: string[]): Promise<string> {
  const terminal = fakeTerminal();
  assertEquals(await main(words, terminal), 2);
  return terminal.errors();
}

Deno.test("datasets refuses a command that is none, and says which was meant", async () => {
  assertMatch(
    await errorsOf("datasets", "previw", "faces"),
    /There is no command "datasets previw" \(did you mean "preview"\?\): allowed are list, /,
  );
});

Deno.test("datasets preview and pack refuse a folder that is not there before they read", async () => {
  await withFiles({ "a.txt": new Uint8Array(1) }, async (folder) => {
    assertMatch(
      await errorsOf("datasets", "preview", "faces", "--out", `${folder}/none/grid.png`),
      /--out must lie in a folder that is there: nothing is at/,
    );
    assertMatch(
      await errorsOf("datasets", "pack", "faces", "--out", `${folder}/a.txt/set.npy`),
      /--out must lie in a folder that is there: a file is at/,
    );
  });
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
      ["hair_colour", "--data-hair-colour"],
      ["hairColour", "--data-hair-colour"],
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
        assertMatch(told, /Ending, what has come is kept; Ctrl-C again ends at once\./);
      }
      assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["stuck.ts"]);
    });
  },
});
