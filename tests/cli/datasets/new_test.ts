import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { main } from "../../../src/cli/main.ts";
import { newDataset, openDataset, ownImports } from "../../../plugins/datasets/mod.ts";
import { withFiles } from "../../datasets/support/folders.ts";
import { readImages } from "../../datasets/support/read_images.ts";
import { fakeTerminal } from "../terminal.ts";

const clone = new URL("../../../", import.meta.url);

/** Calls the command line as a person would type it. */
async function call(...words: string[]): Promise<{ code: number; output: string; errors: string }> {
  const terminal = fakeTerminal();
  const code = await main(words, terminal);
  return { code, output: terminal.output(), errors: terminal.errors() };
}

/** Lets a shell do something in a folder, where that must go well, and gives what was written. */
async function shell(cwd: string, line: string): Promise<string> {
  const env = { NO_COLOR: "1", PATH: `${Deno.execPath().replace(/[^/]+$/, "")}:${Deno.env.get("PATH")}` };
  const { code, stdout, stderr } = await new Deno.Command("sh", { args: ["-c", line], cwd, env }).output();
  const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  assertEquals(code, 0, `${line}\n${text}`);
  return text;
}

Deno.test({
  name: "datasets new writes a plugin and its test, and lines that a shell can run, from any folder",
  ignore: Deno.build.os === "windows",
  async fn() {
    await withFiles({ "my sets/keep": "" }, async (folder) => {
      const path = "my sets/my_set.ts";
      const cli = new URL("cli.ts", clone).pathname;
      const told = await shell(folder, `deno run -A '${cli}' datasets new '${path}'`);
      assertMatch(told, /^Wrote my sets\/my_set\.ts and my sets\/my_set_test\.ts: .*\n\nRun its test:\n/);
      const [test, preview, train, ...more] = [...told.matchAll(/^ {2}\$ (.+)$/gm)].map(([, line]) => line!);
      assertEquals(more, []);
      assertStringIncludes(await shell(folder, test!), "my-set keeps to the contract ... ok");
      assertStringIncludes(await shell(folder, preview!), "64 of 1000 images of 64x64x1: grid.png");
      const tiny = "--size 16 --ngf 4 --ndf 4 --batch 4 --samples 4 --steps 1 --data-radius 0.3 --out run";
      assertStringIncludes(await shell(folder, `${train} ${tiny}`), "after 1 step in ");
      // As people have it who have no settings of their own
      await shell(`${folder}/my sets`, "deno fmt --check && deno lint");

      const again = await call("datasets", "new", `${folder}/${path}`);
      assertEquals([again.code, again.errors], [
        2,
        `error: "${folder}/${path}" already exists: name another file\n`,
      ]);
    });
  },
});

Deno.test("newDataset() writes a plugin whose images all differ", async () => {
  await withFiles({}, async (folder) => {
    const [path] = await newDataset(`${folder}/my_set.ts`, ownImports("0.1.0"));
    await using dataset = await openDataset(path!, { size: 64 });
    const images = await readImages(dataset, Array.from({ length: dataset.length }, (_, i) => i));
    const distinct = new Set(
      Array.from({ length: dataset.length }, (_, i) => images.subarray(i * 4096, (i + 1) * 4096).join()),
    );
    assertEquals(distinct.size > 0.9 * dataset.length, true, `${distinct.size} of ${dataset.length}`);
  });
});

Deno.test("ownImports() names the registry where the module comes from there, else its files", () => {
  const from = (here: string) => ownImports("1.2.3", here);
  assertEquals(from("https://packages.example/@x/dcgan/1.2.3/plugins/datasets/tools/new_dataset.ts"), {
    datasets: "jsr:@x/dcgan@^1.2.3/datasets",
    testing: "jsr:@x/dcgan@^1.2.3/datasets/testing",
  });
  for (
    const place of ["https://code.example/dcgan/plugins/datasets", "file:///home/me/dcgan/plugins/datasets"]
  ) {
    assertEquals(from(`${place}/tools/new_dataset.ts`), {
      datasets: `${place}/mod.ts`,
      testing: `${place}/testing.ts`,
    });
  }
});
