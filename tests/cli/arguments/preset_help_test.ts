import { assert, assertEquals } from "@std/assert";
import { presetHelp } from "../../../src/cli/arguments/preset_help.ts";
import { PRESET_NAMES } from "../../../src/dcgan/recipes/presets.ts";
import { main } from "../../../src/cli/main.ts";
import { fakeTerminal } from "../terminal.ts";

Deno.test("presetHelp() gives the flags of a preset, and their source", () => {
  assertEquals(
    presetHelp("paper").split("\n")[1],
    "  --ngf 128 --latent 100 --latent-distribution uniform --first-layer project --batch 128 --learning-rate 0.0002 --beta1 0.5",
  );
  for (const name of PRESET_NAMES) {
    assert(/^Preset \w+ sets for images of 64x64:\n {2}\S.*\nSource: .+\.$/.test(presetHelp(name)), name);
  }
  assertEquals(presetHelp("best"), "");
});

Deno.test("main() shows in the help of train what the named preset sets", async () => {
  const helpOf = async (...flags: string[]) => {
    const terminal = fakeTerminal();
    assertEquals(await main(["train", ...flags, "--help"], terminal), 0);
    return terminal.output();
  };
  assert(
    (await helpOf("--preset", "modern")).includes(
      "\nPreset modern sets for images of 64x64:\n  --upsampling nearest --loss rpgan ",
    ),
  );
  assert(!(await helpOf()).includes("\nPreset "));
});
