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
    assert(
      /^Preset [\w-]+ sets for images of (64x64|32x32):\n {2}\S.*\nSource: .+\.$/.test(presetHelp(name)),
      name,
    );
  }
  const lines = (name: string, size?: string) => presetHelp(name, size).split("\n");
  assertEquals(lines("small")[0], "Preset small sets for images of 32x32:");
  assert(lines("small")[1]!.startsWith("  --size 32 "));
  assertEquals(lines("small", "64x48")[0], "Preset small sets for images of 64x48:");
  assert(!lines("small", "64x48")[1]!.includes("--size"));
  assert(lines("few")[1]!.endsWith(" --flip --batch 16 --augment color,translation,cutout"));
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
