import "../../../src/host/on_native.ts";
import { Command } from "@commander-js/extra-typings";
import { assertThrows } from "@std/assert";
import { checkWords } from "../../../src/cli/arguments/check_words.ts";
import { UsageError } from "../../../src/cli/errors.ts";

Deno.test("checkWords() lets everything pass but long options with one dash, and help on nothing", () => {
  const program: Command = new Command();
  program.command("train").option("--size <pixels>").option("--flip");
  program.command("datasets").command("info").option("--size <pixels>");
  const check = (line: string) => checkWords(program, line.split(" "));
  for (
    const line of [
      "train --size 3",
      "train -h",
      "train -V",
      "train -x",
      "train -nothing",
      "train --size -size",
      "datasets info - -1",
      "help",
      "help train",
      "help help",
      "help --help",
      "",
    ]
  ) check(line);
  assertThrows(() => check("train --flip -size 3"), UsageError, "unknown option '-size'");
  assertThrows(() => check("train --size=3 -flip"), UsageError, "Did you mean --flip?");
  assertThrows(() => check("datasets info x -size=3"), UsageError, "Did you mean --size?");
  assertThrows(() => check("help tarin"), UsageError, "unknown command 'tarin'. Did you mean train?");
  assertThrows(() => check("help me"), UsageError, "unknown command 'me': allowed are train, datasets");
});
