import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { SCHEMA_PATH, schemaText } from "../../../scripts/schemas.ts";
import { main } from "../../../src/cli/main.ts";
import { Output } from "../../../src/cli/json/output.ts";
import { encodePng } from "../../../src/pictures/mod.ts";
import { ramp } from "../../pictures/files.ts";
import { withFiles } from "../../datasets/support/folders.ts";
import { TINY } from "../cli_process.ts";
import { fakeTerminal } from "../terminal.ts";
import { gpuTest } from "../../support/gpu.ts";
import { problemsOf } from "./validator.ts";

/** What a call of the command line wrote. */
async function call(line: string): Promise<{ code: number; output: string; errors: string }> {
  const terminal = fakeTerminal();
  const code = await main(line.split(" "), terminal);
  return { code, output: terminal.output(), errors: terminal.errors() };
}

/** The one document of a call, checked against the schema. */
async function documentOf(line: string, exitCode = 0): Promise<{ type: string; [field: string]: unknown }> {
  const { code, output, errors } = await call(line);
  assertEquals(code, exitCode, errors);
  const document = JSON.parse(output);
  assertEquals(problemsOf(document), [], line);
  return document;
}

Deno.test("schemas/output.json is what `deno task schemas` writes", async () => {
  const path = new URL(`../../../${SCHEMA_PATH}`, import.meta.url);
  const isSame = await Deno.readTextFile(path) === schemaText();
  assert(isSame, "run `deno task schemas`, and commit what it writes");
});

Deno.test("the schema refuses documents that lack a field, have another, or another kind of value", () => {
  const good = { type: "files", version: 1, command: "sample", paths: ["a.png"], warnings: [] };
  assertEquals(problemsOf(good), []);
  const { paths: _, ...lacking } = good;
  for (const wrong of [lacking, { ...good, more: 1 }, { ...good, images: "4" }, { ...good, version: 2 }]) {
    assert(problemsOf(wrong).length > 0, JSON.stringify(wrong));
  }
});

/** Commands of the program, those of groups with the group's name, as help lists them. */
async function allCommands(): Promise<string[]> {
  const named = async (line: string) => {
    const { output } = await call(`${line} --help`.trim());
    const [, list = ""] = output.split("\nCommands:\n");
    return [...list.split("\n\n")[0]!.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name]) => name!)
      .filter((name) => name !== "help");
  };
  const commands: string[] = [];
  for (const name of await named("")) {
    const inner = await named(name);
    commands.push(...inner.length === 0 ? [name] : inner.map((one) => `${name} ${one}`));
  }
  return commands;
}

gpuTest("every command gives one document with --json, as the published schema says", async () => {
  const photos = Object.fromEntries(
    await Promise.all(
      Array.from(
        { length: 24 },
        async (_, i) => [`photos/${i}.png`, await encodePng(ramp(9 + i, 20))] as const,
      ),
    ),
  );
  await withFiles({ ...photos, "photos/broken.png": "no picture" }, async (folder) => {
    const few = "--data faces --data-length 300";
    const run = `${folder}/runs/a`;
    const train = await call(`train ${few} ${TINY} --score-every 2 --steps 2 --out ${run} --json`);
    assertEquals([train.code, train.errors], [0, ""]);
    const events = train.output.trimEnd().split("\n").map((line) => JSON.parse(line));
    assertEquals(events.flatMap((event) => problemsOf(event, true)), []);
    const types = events.map(({ type }) => type);
    assertEquals([types[0], types.at(-1)], ["start", "end"]);
    for (const type of ["metrics", "samples", "checkpoint", "score"]) assert(types.includes(type), type);
    await call(`train ${few} ${TINY} --seed 2 --steps 2 --out ${folder}/runs/b`);
    await Deno.mkdir(`${folder}/runs/c/checkpoints`, { recursive: true });
    const classes = `${folder}/classes`;
    await call(`train ${few} ${TINY} --conditional glasses --steps 1 --out ${classes}`);
    const box = [0, 0, 0.5, 0.5];
    await Deno.writeTextFile(
      `${folder}/boxes.json`,
      JSON.stringify({ seed: 1, boxes: [{ sample: 0, box }] }),
    );
    const png = (name: string) => `--out ${folder}/${name}.png`;
    const set = `${few} --label glasses`;

    const calls: readonly (readonly [command: string, type: string, rest: string, code?: number])[] = [
      ["train", "dry-run", `--data faces ${TINY} --dry-run`],
      ["sample", "files", `${run} --count 4 --out ${folder}/grid.png`],
      ["interpolate", "files", `${run} --seeds 1,2 --out ${folder}/strip.png`],
      ["film", "files", `${run} --walk --seconds 0.1 --count 1 --out ${folder}/walk.gif`],
      ["directions", "files", `${run} --count 2 --name 1=light --out ${folder}/strips.png`],
      ["arithmetic", "files", `${run} --a 1:3 --b 1:4 --out ${folder}/vector.png`],
      ["project", "files", `${run} ${folder}/strip.png --steps 3 --move light=1 --out ${folder}/found.png`],
      ["neighbors", "files", `${run} --count 1 --no-features --out ${folder}/pairs.png`],
      ["mark", "mark", `${folder}/grid.png`],
      ["export", "files", `${run} --out ${folder}/faces.onnx`],
      ["evaluate", "evaluation", `${run} --count 40 --no-features`],
      ["report", "files", `${run} --out ${folder}/page.html`],
      ["datasets list", "datasets", ""],
      ["datasets info", "dataset-info", `${folder}/photos`],
      ["datasets info", "dataset-info", "mnist --offline"],
      ["datasets preview", "files", `${folder}/photos --out ${folder}/preview.png`],
      ["datasets fetch", "files", "faces"],
      ["datasets verify", "dataset-check", `${folder}/photos`, 1],
      ["datasets pack", "files", `${folder}/photos --size 16 --out ${folder}/set.npy`],
      ["datasets new", "files", `${folder}/my_set.ts`],
      ["runs list", "runs", `${folder}/runs`],
      ["runs compare", "run-comparison", `${run} ${folder}/runs/b ${folder}/runs/c`, 1],
      ["runs query", "run-query", `${folder}/runs --where size=16 --sort dReal`],
      ["experiment svm", "svm", `${run} --per-class 5 --draws 2 --test-limit 20 --validation 20 ${set}`],
      [
        "experiment nearest-neighbor",
        "nearest-neighbor",
        `${classes} --samples 20 --limit 5 ${png("near")} ${set}`,
      ],
      ["experiment walk", "walk", `${run} ${png("walk")}`],
      ["experiment guided-backprop", "guided-backprop", `${run} --limit 20 ${png("guided")}`],
      ["experiment drop-filters", "drop-filters", `${run} --boxes ${folder}/boxes.json ${png("drop")}`],
      [
        "experiment arithmetic",
        "arithmetic",
        `${run} --a smile=high --b smile=low --c turn=high --exemplars 1 --trials 20 ${png("sums")} ${few}`,
      ],
      ["doctor", "doctor", ""],
    ];
    for (const [command, type, rest, code] of calls) {
      const found = await documentOf(`${command} --json ${rest}`.trim(), code);
      assertEquals(found.type, type, command);
      if (type === "files") assertEquals(found.command, command);
    }
    // What is served until Ctrl-C has tests of its own
    const tested = new Set(["watch", "serve", "studio", ...calls.map(([command]) => command)]);
    assertEquals((await allCommands()).filter((command) => !tested.has(command)), []);
  });
});

gpuTest("a command that fails gives an error with --json, and its exit code", async () => {
  await withFiles({}, async (folder) => {
    const cases: readonly (readonly [line: string, code: number, name: string, message: string])[] = [
      ["train --json --data nowhere", 2, "UsageError", 'There is no dataset "nowhere"'],
      ["train --size 17 --json", 2, "CommanderError", "option '--size <pixels>' argument '17' is invalid"],
      ["train --json --warmup 5 --steps 3", 2, "ConfigError", "warmup"],
      [`sample ${folder} --json`, 1, "Error", "is not a run folder"],
      ["runs query --where nothing --json", 2, "ConfigError", "must be a field, an operator and a value"],
      ["nonsense --json", 2, "CommanderError", "unknown command"],
    ];
    for (const [line, code, name, message] of cases) {
      const { error } = await documentOf(line, code) as unknown as {
        error: { name: string; message: string; exitCode: number; issues?: { option: string }[] };
      };
      assertEquals([error.name, error.exitCode], [name, code], line);
      assertStringIncludes(error.message, message);
      assertEquals((error.issues?.length ?? 0) > 0, name === "ConfigError");
    }
  });
});

gpuTest("an error after events is one more line", async () => {
  await withFiles({}, async (folder) => {
    const failing = `${folder}/failing.ts`;
    await Deno.writeTextFile(
      failing,
      `let reads = 0;
      export default { apiVersion: 1, name: "failing", open: ({ size }) => ({ length: 9999, shape: [size, size, 3],
        read(indices, into) { if (++reads > 60) throw new Error("no more"); into.fill(indices[0]); } }) };`,
    );
    const { code, output } = await call(
      `train --data ${failing} ${TINY} --steps 500 --out ${folder}/a --json`,
    );
    assertEquals(code, 1);
    const lines = output.trimEnd().split("\n").map((line) => JSON.parse(line));
    assertEquals(lines.flatMap((line) => problemsOf(line, true)), []);
    assertEquals([lines[0].type, lines.at(-1).type, lines.at(-1).error.exitCode], ["start", "error", 1]);
  });
});

Deno.test("Output writes text for people and a document for programs, never both", () => {
  const terminal = fakeTerminal();
  new Output(terminal, false).result("datasets", { datasets: [] }, "none\n");
  assertEquals(terminal.output(), "none\n");
  const other = fakeTerminal();
  new Output(other, true).result("datasets", { datasets: [{ name: "a" }] }, "none\n");
  assertEquals(JSON.parse(other.output()), { type: "datasets", version: 1, datasets: [{ name: "a" }] });
});

Deno.test("Output tells of a download once a second, and of its end", () => {
  const terminal = fakeTerminal();
  const output = new Output(terminal, true);
  for (let done = 0; done <= 50; done++) {
    output.event({ type: "dataset", progress: { what: "a.gz", done, total: 50, unit: "bytes" } });
  }
  const lines = terminal.output().trimEnd().split("\n").map((line) => JSON.parse(line).progress.done);
  assertEquals(lines, [0, 50]);
});
