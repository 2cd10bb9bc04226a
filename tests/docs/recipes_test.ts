import { assert, assertEquals, assertMatch } from "@std/assert";
import { presetHelp } from "../../src/cli/arguments/preset_help.ts";
import { main } from "../../src/cli/main.ts";
import { PRESET_NAMES } from "../../src/dcgan/recipes/presets.ts";
import { fakeTerminal } from "../cli/terminal.ts";

const page = await Deno.readTextFile(new URL("../../docs/recipes.md", import.meta.url));

/** The cells of a row of a table that begins with a cell. */
function rowOf(first: string): string[] {
  const row = page.split("\n").find((line) => line.startsWith(`| ${first} `));
  return row?.split("|").map((cell) => cell.trim()) ?? [];
}

/** Flags with their values, in a piece of Markdown or of help. */
function flagsIn(text: string): string[] {
  return text.match(/--[a-z][a-z0-9-]*(?: [a-z0-9.,-]*[a-z0-9])?/g) ?? [];
}

Deno.test("recipes.md gives every preset the flags that it sets", () => {
  const helped = (name: string) => flagsIn(presetHelp(name).split("\n")[1]!);
  for (const name of PRESET_NAMES) {
    const [, , sets = ""] = rowOf(`\`${name}\``);
    const own = [...sets.matchAll(/`(--[^`]+)`/g)].flatMap(([, flags]) => flagsIn(flags!));
    if (name === "auto") continue;
    const isModern = sets.includes("options of `modern`");
    // The gammas of modern grow with the images
    const [from, to] = [isModern ? helped("modern") : [], helped(name)].map((flags) =>
      flags.filter((flag) => !isModern || !/^--r[12] /.test(flag))
    );
    const replaced = new Set(own.map((flag) => flag.split(" ")[0]));
    const all = [...from!.filter((flag) => !replaced.has(flag.split(" ")[0])), ...own];
    assertEquals(all.sort(), to!.sort(), name);
  }
});

Deno.test("recipes.md names options and presets that there are", async () => {
  const terminal = fakeTerminal();
  assertEquals(await main(["train", "--help"], terminal), 0);
  const help = terminal.output();
  const section = page.split("## Which recipe for which data")[1]!.split("## What each recipe sets")[0]!;
  const flags = flagsIn(section).map((flag) => flag.split(" "));
  assert(flags.length > 10);
  for (const [flag, value] of flags) {
    assertMatch(help, new RegExp(`^  ${flag}\\b`, "m"));
    if (flag === "--preset") assert(PRESET_NAMES.some((name) => name === value), value);
  }
});
