import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { UsageError } from "../../../src/cli/errors.ts";
import { expandHome } from "../../../src/cli/arguments/home.ts";
import { main } from "../../../src/cli/main.ts";
import { fakeTerminal } from "../terminal.ts";

const expand = (...args: string[]) => expandHome(args, () => "/home/ada/");

Deno.test("expandHome() puts the home folder where a path begins with a tilde", () => {
  assertEquals(expand("sample", "~/runs/a", "--out=~/x.png", "--data-root=~", "~"), [
    "sample",
    "/home/ada/runs/a",
    "--out=/home/ada/x.png",
    "--data-root=/home/ada",
    "/home/ada",
  ]);
});

Deno.test("expandHome() leaves other tildes alone", () => {
  const args = ["a~/b", "--out=a/~/b", "--out=./~", "~ada/x", "--out=~x", "--data-note=a=~/b", "--out", "x~"];
  assertEquals(expand(...args), args);
});

Deno.test("expandHome() names the argument where the home folder is not known", () => {
  const { message } = assertThrows(() => expandHome(["--out=~/x"], () => undefined), UsageError);
  assertEquals(message, "Cannot expand the ~ in --out=~/x: the home folder is unknown. Give the full path");
  assertEquals(expandHome(["--out=x"], () => undefined), ["--out=x"]);
});

Deno.test("main() knows the home folder in every path of every command", async () => {
  const home = Deno.env.get(Deno.build.os === "windows" ? "USERPROFILE" : "HOME")?.replace(/[/\\]$/, "");
  const lines = [
    "sample ~/no-such-run",
    "train --resume=~/no-such-run",
    "train --data=~/no-such-run",
    "train --data-root=~/no-such-run",
    "datasets preview ~/no-such-run --out=~/x.png",
    "datasets preview faces --out=~/no-such-run/x.png",
  ];
  for (const line of lines) {
    const terminal = fakeTerminal();
    assertEquals(await main(line.split(" "), terminal), 2, line);
    assertStringIncludes(terminal.errors(), `${home}/no-such-run`, line);
  }
});
