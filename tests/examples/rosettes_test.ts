/** The examples, used as a stranger would use them. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { withFiles } from "../datasets/support/folders.ts";

const root = new URL("../../", import.meta.url);
const cli = new URL("cli.ts", root).pathname;
const example = new URL("examples/rosettes/", root);

/** Runs Deno to its end, which must be a good one, and gives all that it wrote. */
async function deno(cwd: string, ...args: string[]): Promise<string> {
  const command = new Deno.Command(Deno.execPath(), { args, cwd, env: { NO_COLOR: "1" } });
  const { code, stdout, stderr } = await command.output();
  const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  assertEquals(code, 0, text);
  return text;
}

Deno.test("examples/rosettes is a package whose own test passes", async () => {
  assertStringIncludes(await deno(example.pathname, "test", "-A"), "rosettes keep to the contract ... ok");
});

Deno.test("examples/rosettes trains by its path, from another folder, through the command line", async () => {
  const files = { "sets/rosettes.ts": await Deno.readTextFile(new URL("mod.ts", example)) };
  const tiny = "--size 16 --ngf 4 --ndf 4 --batch 4 --samples 4 --steps 20".split(" ");
  await withFiles(files, async (folder) => {
    const data = ["--data", "./sets/rosettes.ts"];
    const help = await deno(folder, "run", "-A", cli, "train", ...data, "--help");
    assertMatch(
      help.replaceAll(/\s+/g, " "),
      /Options of dataset \.\/sets\/rosettes\.ts: .*--data-petals <number> most petals/,
    );
    const told = await deno(folder, "run", "-A", cli, "train", ...data, "--data-petals", "5", ...tiny);
    assertMatch(told, /^data +\.\/sets\/rosettes\.ts, 20000 images of 16x16x3$/m);
    const config = JSON.parse(await Deno.readTextFile(`${folder}/runs/rosettes-1/config.json`));
    assertEquals([config.dataOptions, config.steps], [{ petals: 5 }, 20]);
    assertMatch(
      await deno(folder, "run", "-A", cli, "datasets", "verify", "sets/rosettes.ts", "--data-length", "50"),
      /good: all 50 images/,
    );
  });
});
