import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { builtInDatasets } from "../../../plugins/datasets/mod.ts";
import { call, good } from "./call_datasets.ts";

Deno.test("datasets list names every built-in dataset, with or without the word list", async () => {
  const output = await good();
  assertEquals(await good("list"), output);
  for (const name of Object.keys(builtInDatasets)) assertMatch(output, new RegExp(`^${name} +\\w`, "m"));
});

Deno.test("datasets answers what it cannot do by name, with exit code 2", async () => {
  const cases: [string[], ...string[]][] = [
    [["preview"], "missing required argument 'name'"],
    [["preview", "mnst"], 'There is no dataset "mnst" (did you mean "mnist"?)'],
    [["preview", "faces", "--data-sed", "1"], "unknown option '--data-sed'", "Did you mean --data-seed?"],
    [["preview", "faces", "--size", "0"], "'--size <pixels>' argument '0'", "a whole number from 1 to 1024"],
    [["verify", "faces", "--size", "1024"], "It must be at most 512 pixels on each side; nearest: 512."],
    [["info", "faces", "--size", "49"], "It must be even on each side", "nearest: 48 and 56."],
    [["info", "faces", "--channels", "5"], "It must be one of 1, 2, 3, 4"],
    [["fetch", "faces", "--size", "32"], "unknown option '--size'"],
    [["preview", "faces", "--out", "a.jpg"], '--out must end in .png, found "a.jpg"'],
    [["pack", "faces", "--out", "a.zip"], '--out must end in .npy, found "a.zip"'],
    [["verify", "folder", "--data-root", "./nowhere"], "--data-root must be the path"],
    [["new", "my set.py"], 'must be a file such as my_set.ts, found "my set.py"'],
    [["lst"], '"datasets lst" is not a command (did you mean "list"?)'],
  ];
  for (const [words, ...said] of cases) {
    const { code, errors } = await call(...words);
    assertEquals([words, code], [words, 2], errors);
    for (const text of said) assertStringIncludes(errors, text);
  }
  assert(!(await Deno.stat("a.png").then(() => true, () => false)));
});
