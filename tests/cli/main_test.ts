import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { flagOf } from "../../src/cli/arguments/flags.ts";
import { main } from "../../src/cli/main.ts";
import { formatConfig, resolveConfig } from "../../src/dcgan/options/config.ts";
import type { OptionSpec } from "../../src/dcgan/options/option.ts";
import { optionNames, optionTable } from "../../src/dcgan/options/option_table.ts";
import { withFiles } from "../datasets/support/folders.ts";
import { fakeTerminal } from "./terminal.ts";

/** Calls the command line as a person would type it. */
async function call(line: string): Promise<{ code: number; output: string; errors: string }> {
  const terminal = fakeTerminal();
  const code = await main(line === "" ? [] : line.split(" "), terminal);
  return { code, output: terminal.output(), errors: terminal.errors() };
}

Deno.test("main() answers every bad option or value by name, with what is allowed, and exit code 2", async () => {
  const cases: readonly (readonly [line: string, ...said: string[]])[] = [
    ["train --stpes 3", "unknown option '--stpes'", "Did you mean --steps?"],
    ["train --steps abc", "'--steps <count>' argument 'abc'", "a whole number from 1 to 2147483647"],
    ["train --steps -5", "'--steps <count>' argument '-5'", "a whole number from 1"],
    ["train --steps 1e3.5", "argument '1e3.5'", "a whole number"],
    ["train --size 49", "'--size <pixels>' argument '49'", "It must be even on each side", "48 and 56"],
    ["train --size 100x20", "argument '100x20'", "It must be at most 4 times as wide as high", "80x20"],
    ["train --preset smal", "'--preset <name>' argument 'smal'", "Did you mean small?"],
    ["train --loss Hinge", "'--loss <name>' argument 'Hinge'", "Did you mean hinge?"],
    ["train -size 32", "unknown option '-size': options begin with two dashes. Did you mean --size?"],
    ["datasets preview faces -size=32", "unknown option '-size'", "Did you mean --size?"],
    ["help trian", "unknown command 'trian'. Did you mean train?"],
    ["help painting", "unknown command 'painting': allowed are train, sample"],
    ["train --resume nowhere", '--resume must be a run folder, found nothing at "nowhere"'],
    ["train --channels 5", "'--channels <count>' argument '5'", "one of 1, 2, 3, 4"],
    ["train --size 64x48 --base 4", "--base must be 3, 6 or 12 for images of 64x48, found 4"],
    ["train --size 60 --preset pytorch", 'found 60: give "base" 15, or another size'],
    [
      "train --loss wgan",
      "'--loss <name>' argument 'wgan'",
      `one of "non-saturating", "minimax", "least-squares"`,
    ],
    [
      "train --loss hinge --label-smoothing 0.1",
      "--label-smoothing must be 0 with the loss",
      `"minimax" have labels`,
    ],
    [
      "train --preset pytorch --r1 1",
      "--r1 must be 0 with batch norm in the discriminator, found 1",
      "Use --d-norm none or spectral",
    ],
    ["train --d-norm none --precision f16 --r2 1", "--r2 must be 0 with precision f16", "--precision f32"],
    ["train --d-norm none --r1 -1", "'--r1 <gamma>' argument '-1'", "from 0 and up to 1000000"],
    [
      "train --augment crop",
      "'--augment <kinds>' argument 'crop'",
      "none, or a list of different ones of color,",
    ],
    ["train --augment-probability 0.5", '--augment-probability must be 1 without "augment", found 0.5'],
    ["train --d-norm layer", "'--d-norm <kind>' argument 'layer'", `one of "batch", "none", "spectral"`],
    ["train --g-norm spectral", "'--g-norm <kind>' argument 'spectral'", `"batch" or "none"`],
    [
      "train --d-norm spectral --precision f16",
      `--d-norm must be "batch" or "none" with precision f16`,
      "Use --precision f32",
    ],
    ["train --learning-rate 0", "'--learning-rate <rate>' argument '0'", "above 0 and up to 1"],
    ["train --beta1 1", "'--beta1 <rate>' argument '1'", "from 0 and below 1"],
    ["train --seed 4294967296", "'--seed <number>'", "from 0 to 4294967295"],
    ["train --steps 3 --epochs 1", "--epochs cannot be combined with", "give only one of them"],
    ["train --steps", "'--steps <count>' argument missing"],
    ["train faces", "too many arguments for 'train'"],
    ["train --data mnst", "--data: There is no dataset", "did you mean", "faces, mnist,"],
    ["train --data ./nowhere", "--data: There is nothing at", "nowhere"],
    ["train --data mnist --data-splt test", "unknown option '--data-splt'", "Did you mean --data-split?"],
    [
      "train --data mnist --data-split half",
      "'--data-split <text>' argument 'half'",
      `one of "train", "test"`,
    ],
    ["train --data-length 0", "'--data-length <number>' argument '0'", "a whole number from 1 to 2147483647"],
    ["train --data-timeout 0", "'--data-timeout <seconds>' argument '0'", "above 0"],
    ["train --data-root ./nowhere", "--data-root must be", `"./nowhere"`],
    ["train --out src", "--out must be a new or empty folder", `found "src", a folder with files`],
    ["train --out cli.ts", "--out must be a new or empty folder", `found "cli.ts", a file`],
    ["sample", "missing required argument 'run'"],
    ["sample nowhere", "<run> must be a run folder, or a file of weights", `"nowhere"`],
    ["sample . --count 0", "'--count <images>' argument '0'", "a whole number from 1 to 65536"],
    ["sample . --format gif", "'--format <name>' argument 'gif'", "grid, images, npy"],
    ["sample . --out grid.jpg", "--out must end in .png or .npy", `"grid.jpg"`],
    ["trian", "unknown command 'trian'", "Did you mean train?"],
  ];
  for (const [line, ...said] of cases) {
    const { code, output, errors } = await call(line);
    assertEquals([line, code, output], [line, 2, ""]);
    for (const words of said) assertStringIncludes(errors, words, line);
  }
});

Deno.test("main() tells what is wrong in a run's config as its file's, not as flags", async () => {
  const cases = [
    ['{"version": 2}', `"version" must be 1 for this version of the program, found 2`],
    [
      formatConfig({ ...resolveConfig({}), seed: -1 }),
      `"seed" must be a whole number from 0 to 4294967295, found -1`,
    ],
  ] as const;
  for (const [config, problem] of cases) {
    await withFiles({ "run/config.json": config }, async (folder) => {
      for (const line of ["sample", "train --resume", "train --seed 7 --resume"]) {
        const { code, errors } = await call(`${line} ${folder}/run`);
        assertEquals([code, errors], [1, `error: Cannot use ${folder}/run/config.json: ${problem}\n`], line);
      }
    });
  }
});

Deno.test("main() says what was meant by a word that stands alone, and by a size that there is not", async () => {
  const cases: Record<string, string> = {
    "train ./photos":
      `error: too many arguments for 'train': it takes only options, found "./photos". Did you mean --data ./photos?\n`,
    "train --flip ./photos":
      `error: too many arguments for 'train': it takes only options, found "./photos". Did you mean --data ./photos?\n`,
    "train --data faces more": `error: too many arguments for 'train': it takes only options, found "more"\n`,
  };
  for (const [line, message] of Object.entries(cases)) {
    const { code, errors } = await call(line);
    assertEquals([code, errors], [2, message], line);
  }
  assertStringIncludes((await call("train --size 60")).errors, "nearest: 56 and 64\n");
});

Deno.test("main() shows every option of a run, its default and its choices in train's help", async () => {
  const { code, output } = await call("train --help");
  assertEquals(code, 0);
  const help = output.replaceAll(/\s+/g, " ");
  for (const name of optionNames.filter((name) => name !== "dataOptions")) {
    const { summary, value, choices, alone }: OptionSpec<unknown> = optionTable[name];
    const shown = value === undefined ? "" : alone ? ` [${value}]` : ` <${value}>`;
    assertStringIncludes(help, `${flagOf(name)}${shown} ${summary}`);
    if (choices) assertStringIncludes(help, choices.join(", "));
  }
  assertStringIncludes(help, "(default: 0.0002)");
  assertMatch(help, /Most used:.*Data:.*Networks:.*Optimizers:.*Run folder:.*Examples:/);
});

Deno.test("main() shows the options of the dataset that is named in train's help", async () => {
  const { code, output } = await call("train --help --data mnist");
  assertEquals(code, 0);
  assertMatch(
    output.replaceAll(/\s+/g, " "),
    /Options of dataset mnist: --data-split <text> which of the two parts \(train, test; default: train\)/,
  );
  assertStringIncludes((await call("train --help")).output, "--data-seed <number>");
});

Deno.test("main() writes the version, and help on every command, with exit code 0", async () => {
  assertMatch((await call("--version")).output, /^\d+\.\d+\.\d+\n$/);
  for (const command of ["train", "sample", "datasets", "runs", "doctor"]) {
    assertStringIncludes((await call("--help")).output, `\n  ${command}`);
    const { code, output } = await call(`${command} --help`);
    assertEquals(code, 0);
    assertStringIncludes(output, ` ${command} `);
  }
});

Deno.test("main() shows help as an error where no command is given", async () => {
  const { code, output, errors } = await call("");
  assertEquals([code, output], [2, ""]);
  assertStringIncludes(errors, "Commands:");
});

Deno.test("main() keeps lines of help within 110 columns", async () => {
  for (const command of ["train", "runs", "runs query"]) {
    const { output } = await call(`${command} --help`);
    const [options = ""] = output.split("Examples:");
    assert(options.split("\n").every((line) => line.length <= 110), options);
  }
});

Deno.test("cli.ts leaves exit code and message to the shell, without asking for the GPU or any permission but read", async () => {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-read", "--allow-env", "--no-prompt", "cli.ts", "train", "--size", "49"],
  }).output();
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  assertEquals([code, text(stdout)], [2, ""]);
  assertMatch(
    text(stderr),
    /^error: option '--size <pixels>' argument '49' is invalid\. .*nearest: 48 and 56\.\n.*--help/,
  );
});
